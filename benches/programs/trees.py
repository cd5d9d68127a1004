def make(depth):
    if depth == 0:
        return {"left": None, "right": None, "leaf": True}
    return {"left": make(depth - 1), "right": make(depth - 1), "leaf": False}


def count(tree):
    if tree["leaf"]:
        return 1
    return 1 + count(tree["left"]) + count(tree["right"])


total = 0
for i in range(20):
    total += count(make(14))
print(total)
