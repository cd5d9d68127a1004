local function map(xs, f)
  local out = {}
  for i = 1, #xs do out[i] = f(xs[i]) end
  return out
end
local function filter(xs, f)
  local out = {}
  for i = 1, #xs do
    local x = xs[i]
    if f(x) then out[#out + 1] = x end
  end
  return out
end
local function reduce(xs, acc, f)
  for i = 1, #xs do acc = f(acc, xs[i]) end
  return acc
end

local xs = {}
for i = 1, 400000 do xs[i] = i - 1 end
local total = reduce(filter(map(xs, function(x) return x * 3 + 1 end), function(x) return x % 2 == 0 end), 0,
  function(sum, x) return sum + x end)
local doubled = map(xs, function(x) return x * 2 end)
local kept = filter(doubled, function(x) return x > 100 end)
print(total, reduce(kept, 0, function(sum, x) return sum + x end))
