local P = {}
P.__index = P
function P.norm(it) return it.x*it.x + it.y*it.y end
function P.add(it,k) return it.x + k end
local function run(n)
  local p = setmetatable({x=1,y=2},P)
  local s = 0
  local i = 0
  while i < n do
    s = s + p:norm() + p:add(i)
    i = i + 1
  end
  return s
end
print(run(3000000))
