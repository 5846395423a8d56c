#!lua flags=allow-oom
--[[
  REINDEX: marks a game that the store may lack, due now: a dirty one that is missing from the index, or a clean one that
  has all of the row and more, as after a restore of the store.
  KEYS  1 state, 2 header, 3 tail, 4 index
  ARGV  1 id, 2 lineage of the row ('' not known), 3 revision of the row
  Replies
    MARKED
    NO        the store has it, it is marked already, it is no copy, or one that its next load compares
]]
-- @include "deployment"
-- @include "clock"
-- @include "contains-row"
-- @include "epoch"
-- @include "lifetime"
local copy = typed('HMGET', KEYS[2], 'lin', 'rev', 'epoch', 'base')
local ttl = redis.call('PTTL', KEYS[1])
if not copy[1] or ttl == ABSENT then return { 'NO' } end
if ttl ~= DIRTY then
  local row = { lin = ARGV[2], rev = ARGV[3] }
  if row.lin == '' or copy[3] ~= current_epoch() or compare_decimals(copy[2], row.rev) <= 0 then return { 'NO' } end
  if not contains_row(copy[1], copy[2], copy[4], row) then return { 'NO' } end
  redis.call('PERSIST', KEYS[1])
  redis.call('PERSIST', KEYS[2])
  redis.call('PERSIST', KEYS[3])
end
if typed('ZADD', KEYS[4], 'NX', ms_text(now_ms()), ARGV[1]) == 0 then return { 'NO' } end
return { 'MARKED' }
