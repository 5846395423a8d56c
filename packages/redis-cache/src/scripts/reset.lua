#!lua flags=allow-oom
--[[
  RESET: replaces a forked copy, whose lineage the store has passed, by the freshly fenced row, clean; publishes.
  KEYS  1 state, 2 companion, 3 tail, 4 index
  ARGV  1 id, 2 forked lineage, 3 TTL in ms, 4 channel, 5 PUBLISH or SPUBLISH, 6.. the row (include/row)
  Replies
    OK version
    OTHER         another lineage is there by now, or none, or the row's lineage is not higher
]]
-- @include "decimals"
-- @include "row"
-- @include "stamp"
local row = row_from(6)
local lineage = redis.call('HGET', KEYS[2], 'lin')
if lineage ~= ARGV[2] or redis.call('EXISTS', KEYS[1]) == 0 or compare_decimals(row.lin, lineage) <= 0 then
  return { 'OTHER' }
end
local version = place_row(row, ARGV[1], current_stamp(), ARGV[3])
redis.call(ARGV[5], ARGV[4], version)
return { 'OK', version }
