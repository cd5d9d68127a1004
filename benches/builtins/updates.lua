local keys, counts = {}, {}
for i = 0, 999 do
  keys[i + 1] = "key-" .. i
  counts[keys[i + 1]] = 0
end
for i = 0, 399999 do
  local key = "key-" .. i % 1000
  counts[key] = counts[key] + 1
end
for i = 0, 399999 do
  local key = keys[i % 1000 + 1]
  counts[key] = counts[key] + 1
end
local n = 0
for _ in pairs(counts) do n = n + 1 end
print(n, counts["key-7"])
