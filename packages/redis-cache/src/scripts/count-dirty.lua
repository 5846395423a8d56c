#!lua flags=no-writes,allow-cross-slot-keys
--[[
  COUNT-DIRTY: how many games each of these parts of a Cluster's dirty index holds. It is sent to one master, without
  KEYS, so that one call asks many slots. A part that this master does not serve (any more) counts as empty.
  ARGV  1 key prefix, 2.. tags
  Reply   tag and number, flat, of the parts that hold games
]]
local filled = {}
for n = 2, #ARGV do
  local games = redis.pcall('ZCARD', ARGV[1] .. 'dirty:{' .. ARGV[n] .. '}')
  if type(games) == 'number' and games > 0 then
    filled[#filled + 1] = ARGV[n]
    filled[#filled + 1] = tostring(games)
  end
end
return filled
