#!lua flags=allow-oom
--[[
  REINDEX: marks a game that the store may lack, due now: a dirty one that is missing from the index, or a clean one that
  has all of the row and more, as after a restore of the store.
  KEYS  1 state, 2 header, 3 tail, 4 index
  ARGV  1 id, 2 lineage of the row ('' not known), 3 revision of the row, 4 version of its metadata ('' not known)
  Replies
    MARKED newer
    NO newer  the store has it, it is marked already, it is no copy, or one that its next load compares
    newer: 1 if the copy is served and has newer metadata than the row, else 0
]]
-- @include "deployment"
-- @include "clock"
-- @include "contains-row"
-- @include "epoch"
-- @include "lifetime"
local copy = typed('HMGET', KEYS[2], 'lin', 'rev', 'epoch', 'base', 'mdv')
local ttl = redis.call('PTTL', KEYS[1])
local is_there = copy[1] and ttl ~= ABSENT
local is_served = is_there and copy[3] == current_epoch()

local function is_ahead()
  local row = { lin = ARGV[2], rev = ARGV[3] }
  return is_served and row.lin ~= '' and compare_decimals(copy[2], row.rev) > 0
    and contains_row(copy[1], copy[2], copy[4], row)
end

local newer = is_served and ARGV[4] ~= '' and compare_decimals(copy[5] or '0', ARGV[4]) > 0 and 1 or 0
if not is_there or (ttl ~= DIRTY and not is_ahead()) then return { 'NO', newer } end
if ttl ~= DIRTY then
  redis.call('PERSIST', KEYS[1])
  redis.call('PERSIST', KEYS[2])
  redis.call('PERSIST', KEYS[3])
end
if typed('ZADD', KEYS[4], 'NX', ms_text(now_ms()), ARGV[1]) == 0 then return { 'NO', newer } end
return { 'MARKED', newer }
