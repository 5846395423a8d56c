-- A call whose key holds another type was overwritten by a stranger, and would fail this script for ever, and with it the
-- claims of all games: the key is deleted, and the call finds it lost. What the store lacks of it is lost as well.
local function typed(command, key, ...)
  local reply = redis.pcall(command, key, ...)
  if type(reply) ~= 'table' or not reply.err then return reply end
  if string.find(reply.err, 'WRONGTYPE', 1, true) then redis.call('DEL', key) end
  return redis.call(command, key, ...)
end
