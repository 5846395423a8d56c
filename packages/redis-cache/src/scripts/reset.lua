#!lua flags=allow-oom
--[[
  RESET: replaces a forked copy, which lacks what the store has, by the freshly fenced row, clean; publishes.
  KEYS  1 state, 2 header, 3 tail, 4 index
  ARGV  1 id, 2 forked lineage, 3 TTL in ms, 4 channel, 5 PUBLISH or SPUBLISH, 6.. the row (include/row)
  Replies
    OK version
    OTHER         nothing changed: another lineage is there, or none, or the copy has all of the row
]]
-- @include "deployment"
-- @include "contains-row"
-- @include "row"
-- @include "epoch"
local row = row_from(6)
local copy = typed('HMGET', KEYS[2], 'lin', 'rev', 'base')
if copy[1] ~= ARGV[2] or redis.call('EXISTS', KEYS[1]) == 0 or contains_row(copy[1], copy[2], copy[3], row) then
  return { 'OTHER' }
end
local version = place_row(row, true, current_epoch(), ARGV[3], KEYS[1], KEYS[2], KEYS[3])
typed('ZREM', KEYS[4], ARGV[1])
redis.call(ARGV[5], ARGV[4], version)
return { 'OK', version }
