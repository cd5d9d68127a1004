local function make(depth)
  if depth == 0 then return { left = nil, right = nil, leaf = true } end
  return { left = make(depth - 1), right = make(depth - 1), leaf = false }
end

local function count(tree)
  if tree.leaf then return 1 end
  return 1 + count(tree.left) + count(tree.right)
end

local total = 0
for i = 1, 20 do
  total = total + count(make(14))
end
print(total)
