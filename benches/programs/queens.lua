local function safe(board, row, column)
  local other = 0
  while other < row do
    local there = board[other + 1]
    if there == column or there - column == row - other or column - there == row - other then
      return false
    end
    other = other + 1
  end
  return true
end

local function place(n)
  local board = {}
  for i = 1, n do board[i] = -1 end
  local count = 0
  local row = 0
  while row >= 0 do
    local column = board[row + 1] + 1
    while column < n and not safe(board, row, column) do column = column + 1 end
    if column == n then
      board[row + 1] = -1
      row = row - 1
    else
      board[row + 1] = column
      if row == n - 1 then
        count = count + 1
      else
        row = row + 1
      end
    end
  end
  return count
end
print(place(10))
