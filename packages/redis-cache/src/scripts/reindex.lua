#!lua flags=allow-oom
--[[
  REINDEX: marks a dirty game that is missing from the index, due now.
  KEYS  1 state, 2 metadata, 3 index
  ARGV  1 id
  Replies
    MARKED
    NO        it is clean, marked already, or no copy
]]
-- @include "deployment"
-- @include "clock"
-- @include "lifetime"
if redis.call('PTTL', KEYS[1]) ~= DIRTY or redis.call('HEXISTS', KEYS[2], 'lin') == 0 then return { 'NO' } end
if redis.call('ZADD', KEYS[3], 'NX', ms_text(now_ms()), ARGV[1]) == 0 then return { 'NO' } end
return { 'MARKED' }
