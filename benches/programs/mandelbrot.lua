local size = 400
local inside = 0
local row = 0
while row < size do
  local ci = 2.0 * row / size - 1.0
  local column = 0
  while column < size do
    local cr = 2.0 * column / size - 1.5
    local zr, zi = 0.0, 0.0
    local steps = 0
    while steps < 50 and zr * zr + zi * zi <= 4.0 do
      local next = zr * zr - zi * zi + cr
      zi = 2.0 * zr * zi + ci
      zr = next
      steps = steps + 1
    end
    if steps == 50 then inside = inside + 1 end
    column = column + 1
  end
  row = row + 1
end
print(inside)
