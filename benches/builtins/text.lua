local pieces = {}
for i = 1, 500000 do pieces[#pieces + 1] = "ninebytes," end
local text = table.concat(pieces)
local parts, from = {}, 1
while true do
  local at = string.find(text, ",", from, true)
  if not at then break end
  parts[#parts + 1] = string.sub(text, from, at - 1)
  from = at + 1
end
parts[#parts + 1] = string.sub(text, from)
local again = {}
for i = 1, 500000 do again[#again + 1] = "ninebytes" end
local joined = table.concat(again, ",")
print(#text, #parts, #joined)
