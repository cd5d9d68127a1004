local names = { "id", "name", "price", "stock" }
local total = 0
for i = 0, 199999 do
  local row = {}
  for _, name in ipairs(names) do row[name] = i end
  total = total + row.price + row["stock"]
end
print(total)
