def is_free(board, row, column):
    for other in range(row):
        there = board[other]
        if there == column or there - column == row - other or column - there == row - other:
            return False
    return True


def place(n):
    board = [-1] * n
    count = 0
    row = 0
    while row >= 0:
        column = board[row] + 1
        while column < n and not is_free(board, row, column):
            column += 1
        if column == n:
            board[row] = -1
            row -= 1
        else:
            board[row] = column
            if row == n - 1:
                count += 1
            else:
                row += 1
    return count


print(place(10))
