local P = {}
P.__index = P
local function run(n)
  local p = setmetatable({x=1,y=2}, P)
  local s = 0
  local i = 0
  while i < n do
    s = s + p.x + p.y
    p.x = i
    i = i + 1
  end
  return s
end
print(run(5000000))
