local counts = {}
local words = { "the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog" }
local n = #words
for i = 0, 4999999 do
  local word = words[i % n + 1]
  counts[word] = (counts[word] or 0) + 1
end
local total = 0
for _, count in pairs(counts) do total = total + count end
print(counts["the"], total)
