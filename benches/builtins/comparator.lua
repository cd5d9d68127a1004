local xs = {}
local seed = 42
for i = 1, 200000 do
  seed = (seed * 1103515245 + 12345) % 2147483648
  xs[i] = seed
end
local function sorted(xs, before)
  local copy = table.move(xs, 1, #xs, 1, {})
  table.sort(copy, before)
  return copy
end
local up = sorted(xs, function(a, b) return a - b < 0 end)
local down = sorted(xs, function(a, b) return a > b end)
print(up[1], up[#up], down[1])
