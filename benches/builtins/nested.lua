local bodies = {}
for i = 1, 10 do bodies[i] = { x = 0.0, v = 1.0, seen = { 0, 0 } } end
for i = 0, 999999 do
  bodies[i % 10 + 1].x = bodies[i % 10 + 1].x + 0.5
  bodies[i % 10 + 1].seen[2] = i
end
print(string.format("%d", bodies[4].x), bodies[4].seen[2])
