#!lua flags=no-writes,allow-cross-slot-keys
--[[
  COUNT-DIRTY: how many games each of these parts of a Cluster's dirty index holds. It is sent to one master, without
  KEYS, so that one call asks many slots. A part that this master does not serve (any more) counts as empty.
  ARGV  1 key prefix, 2 the deployment that asks ('' none does), 3.. tags
  Replies
    tag and number, flat, of the parts that hold games
    FOREIGN owner   one of them is another deployment's
]]
local filled = {}
for n = 3, #ARGV do
  local games = redis.pcall('ZCARD', ARGV[1] .. 'dirty:{' .. ARGV[n] .. '}')
  if type(games) == 'number' and games > 0 then
    local owner = redis.call('GET', ARGV[1] .. 'deployment:{' .. ARGV[n] .. '}')
    if owner and ARGV[2] ~= '' and owner ~= ARGV[2] then return { 'FOREIGN', owner } end
    filled[#filled + 1] = ARGV[n]
    filled[#filled + 1] = tostring(games)
  end
end
return filled
