local function advance(bodies, dt)
  local n = #bodies
  local i = 1
  while i <= n do
    local a = bodies[i]
    local j = i + 1
    while j <= n do
      local b = bodies[j]
      local dx = a.x - b.x
      local dy = a.y - b.y
      local d2 = dx * dx + dy * dy + 0.01
      local force = dt / (d2 * d2)
      local mine = a.mass * force
      local other = b.mass * force
      a.vx = a.vx - dx * other
      a.vy = a.vy - dy * other
      b.vx = b.vx + dx * mine
      b.vy = b.vy + dy * mine
      j = j + 1
    end
    i = i + 1
  end
  for k = 1, n do
    local a = bodies[k]
    a.x = a.x + dt * a.vx
    a.y = a.y + dt * a.vy
  end
end

local bodies = {}
for i = 1, 5 do
  bodies[i] = { x = 1.5 * i, y = 0.5 * i, vx = 0.0, vy = 0.1 * i, mass = 1.0 / i }
end
for step = 1, 200000 do advance(bodies, 0.001) end
local energy = 0.0
for _, body in ipairs(bodies) do
  energy = energy + body.mass * (body.vx * body.vx + body.vy * body.vy)
end
print(math.floor(energy * 1000000))
