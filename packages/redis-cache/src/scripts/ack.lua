--[[
  ACK: the store has this version, and the log up to an entry. Trims those entries from the tail, in the same lineage
  only. If this version is still the current one, unmarks the game and gives it its time to live.
  KEYS  1 state, 2 metadata, 3 tail, 4 index
  ARGV  1 id, 2 lineage, 3 revision, 4 number of the last flushed entry, 5 TTL in ms
  Replies
    OK       clean now
    NEWER    another version is there, or none; its deadline stays
]]
-- @include "deployment"
-- @include "lifetime"
local copy = redis.call('HMGET', KEYS[2], 'lin', 'rev', 'log')
if copy[1] ~= ARGV[2] or redis.call('PTTL', KEYS[1]) == ABSENT then return { 'NEWER' } end

local before_tail = tonumber(copy[3]) - redis.call('LLEN', KEYS[3])
local flushed = tonumber(ARGV[4]) - before_tail
if flushed > 0 then redis.call('LTRIM', KEYS[3], flushed, -1) end
if copy[2] ~= ARGV[3] then return { 'NEWER' } end

redis.call('ZREM', KEYS[4], ARGV[1])
set_lifetime(KEYS[1], KEYS[2], KEYS[3], ARGV[5])
return { 'OK' }
