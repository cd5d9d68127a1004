local xs = {}
for i = 1, 1000 do xs[i] = 0 end
for i = 0, 1999999 do xs[i % 1000 + 1] = i end
print(xs[1], xs[1000])
