#!lua flags=allow-oom
--[[
  UNVERIFY: one game's copy, served or not, which is unverified from now on: nothing of it is served, and nothing is
  written to it, until a load has compared it with the store. A load under way loses its token. Publishes `gone`, so that
  those who watch look again. To be called under the row's lock, which the next load then waits for.
  KEYS  1 state, 2 header, 3 tail, 4 index
  ARGV  1 id, 2 channel, 3 PUBLISH or SPUBLISH
  Replies
    COPY copy (include/unflushed)
    ABSENT
]]
-- @include "deployment"
-- @include "unflushed"
local copy = unflushed_copy(ARGV[1], KEYS[1], KEYS[2], KEYS[3], typed('HGET', KEYS[2], 'epoch'))
redis.call('HDEL', KEYS[2], 'tok', 'tgen')
redis.call(ARGV[3], ARGV[2], 'gone')
if copy == ABSENT_COPY then return { 'ABSENT' } end
redis.call('HSET', KEYS[2], 'epoch', 'none')
return { 'COPY', copy }
