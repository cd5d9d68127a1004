local function sort(xs, low, high)
  while low < high do
    local pivot = xs[(low + high) // 2]
    local i, j = low, high
    while i <= j do
      while xs[i] < pivot do i = i + 1 end
      while xs[j] > pivot do j = j - 1 end
      if i <= j then
        local x = xs[i]
        xs[i] = xs[j]
        xs[j] = x
        i = i + 1
        j = j - 1
      end
    end
    sort(xs, low, j)
    low = i
  end
end

local xs = {}
local seed = 42
for i = 1, 300000 do
  seed = (seed * 1103515245 + 12345) % 2147483648
  xs[i] = seed
end
sort(xs, 1, #xs)
print(xs[1], xs[#xs])
