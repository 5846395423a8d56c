--[[
  ACK: the store has this version, and the log up to an entry; for any number of games of one index. Trims those entries
  from the tail, in the same lineage only. If this version is still the current one, unmarks the game and gives it its
  time to live.
  KEYS  state, header, tail of each game; last the index
  ARGV  id, lineage, revision, number of the last flushed entry, of each game; last the TTL in ms
  Replies, one for each game
    OK       clean now
    NEWER    another version is there, or none; its deadline stays
]]
-- @include "deployment"
-- @include "lifetime"
local index, ttl_ms = table.remove(KEYS), table.remove(ARGV)

local function ack(id, lineage, revision, flushed_count, state, header, tail)
  local copy = typed('HMGET', header, 'lin', 'rev', 'log')
  if copy[1] ~= lineage or redis.call('PTTL', state) == ABSENT then return 'NEWER' end

  local before_tail = tonumber(copy[3]) - typed('LLEN', tail)
  local flushed = tonumber(flushed_count) - before_tail
  if flushed > 0 then redis.call('LTRIM', tail, flushed, -1) end
  if copy[2] ~= revision then return 'NEWER' end

  typed('ZREM', index, id)
  set_lifetime(state, header, tail, ttl_ms)
  return 'OK'
end

local replies = {}
for n = 0, #ARGV / 4 - 1 do
  local arg, key = 4 * n, 3 * n
  replies[n + 1] = ack(
    ARGV[arg + 1], ARGV[arg + 2], ARGV[arg + 3], ARGV[arg + 4], KEYS[key + 1], KEYS[key + 2], KEYS[key + 3]
  )
end
return replies
