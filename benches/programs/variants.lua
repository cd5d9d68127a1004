local getmetatable, setmetatable = getmetatable, setmetatable
local Circle, Rect, Dot = {}, {}, {}
Circle.__index = Circle; Rect.__index = Rect; Dot.__index = Dot
local function circle(r) return setmetatable({r}, Circle) end
local function rect(a,b) return setmetatable({a,b}, Rect) end
local dot = setmetatable({}, Dot)
local function area(s)
  local t = getmetatable(s)
  if t == Circle then local r = s[1] return 3*r*r
  elseif t == Rect then local a,b = s[1],s[2] return a*b
  elseif t == Dot then return 0
  else error("x") end
end
local function run(n)
  local shapes = {circle(2), rect(3,4), dot}
  local s = 0
  local i = 0
  while i < n do
    s = s + area(shapes[i%3+1])
    i = i + 1
  end
  return s
end
print(run(5000000))
