def make():
    count = 0

    def next():
        nonlocal count
        count += 1
        return count

    return next


next = make()
i = 0
while i < 5000000:
    next()
    i += 1
print(next())
