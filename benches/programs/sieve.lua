local n = 3000000
local flags = {}
for i = 0, n do flags[#flags + 1] = true end
local i = 2
while i * i <= n do
  if flags[i + 1] then
    local j = i * i
    while j <= n do
      flags[j + 1] = false
      j = j + i
    end
  end
  i = i + 1
end
local count = 0
for k = 2, n do
  if flags[k + 1] then count = count + 1 end
end
print(count)
