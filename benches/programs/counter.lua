local function make()
  local count = 0
  return function()
    count = count + 1
    return count
  end
end
local next = make()
local i = 0
while i < 5000000 do
  next()
  i = i + 1
end
print(next())
