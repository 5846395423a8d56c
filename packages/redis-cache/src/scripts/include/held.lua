-- A key of another type, which a stranger overwrote, counts as lost: the next script that uses it deletes it.
local function held(...)
  local value = redis.pcall(...)
  return type(value) == 'table' and value.err and {} or value
end
