--[[
  INSTALL: makes a freshly fenced row the served copy, for the one load that the token names.
  An unverified copy is kept if it has all of the row. It then takes the row's fence as its lineage and the row's version
  as its base. A kept copy is clean only if it has no more than the row. Otherwise it is dirty and due now, and its tail
  still holds what the store may lack.
  KEYS  1 state, 2 metadata, 3 tail, 4 index
  ARGV  1 id, 2 token, 3 TTL in ms, 4.. the row (include/row)
  Replies
    OK version kept   kept: 1 if an unverified copy was kept, else 0
    TOKEN_LOST        another load began, or this Redis is not the one that it began on; nothing changed
    PRESENT           a copy is served already; the token is used up, nothing else changed
]]
-- @include "deployment"
-- @include "clock"
-- @include "contains-row"
-- @include "lifetime"
-- @include "row"
-- @include "epoch"
local id, token, ttl_ms = ARGV[1], ARGV[2], ARGV[3]
local row = row_from(4)
local epoch = current_epoch()
local copy = typed('HMGET', KEYS[2], 'tok', 'tgen', 'lin', 'rev', 'epoch', 'base')
if copy[1] ~= token or copy[2] ~= epoch then return { 'TOKEN_LOST' } end

local lineage, revision = copy[3], copy[4]
if not lineage or redis.call('PTTL', KEYS[1]) == ABSENT then
  return { 'OK', place_row(row, id, epoch, ttl_ms), '0' }
end
if copy[5] == epoch then
  redis.call('HDEL', KEYS[2], 'tok', 'tgen')
  return { 'PRESENT' }
end

if not contains_row(lineage, revision, copy[6], row) then
  return { 'OK', place_row(row, id, epoch, ttl_ms), '0' }
end

redis.call('HDEL', KEYS[2], 'tok', 'tgen')
redis.call(
  'HSET', KEYS[2],
  'lin', row.fen, 'fen', row.fen, 'epoch', epoch, 'base', row.lin .. '.' .. row.rev
)
-- The revision counts all writes, so a copy that has all of a row of its own revision is the same.
if row.rev == revision then
  redis.call('DEL', KEYS[3])
  typed('ZREM', KEYS[4], id)
  set_lifetime(KEYS[1], KEYS[2], KEYS[3], ttl_ms)
else
  redis.call('PERSIST', KEYS[1])
  redis.call('PERSIST', KEYS[2])
  redis.call('PERSIST', KEYS[3])
  typed('ZADD', KEYS[4], 'LT', ms_text(now_ms()), id)
end
return { 'OK', row.fen .. '.' .. revision, '1' }
