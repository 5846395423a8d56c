--[[
  EVICT: deletes the copy, its header, tail and mark, and publishes `gone`. With a version, only if that is the current
  one and clean. A load under way always loses its token, so that it cannot bring the game back.
  KEYS  1 state, 2 header, 3 tail, 4 index
  ARGV  1 id, 2 version ('' any), 3 channel, 4 PUBLISH or SPUBLISH
  Replies
    OK
    ABSENT    there was no copy. Without a version, `gone` is published all the same: a game may leave the cache before
              it is archived or deleted, and those who watch it must learn of its end
    NEWER     a version was given, and another one is there or it is dirty
]]
-- @include "deployment"
-- @include "lifetime"
local copy = typed('HMGET', KEYS[2], 'lin', 'rev')
local ttl = redis.call('PTTL', KEYS[1])
local present = copy[1] and ttl ~= ABSENT
if present and ARGV[2] ~= '' and (ttl == DIRTY or copy[1] .. '.' .. copy[2] ~= ARGV[2]) then
  redis.call('HDEL', KEYS[2], 'tok', 'tgen')
  return { 'NEWER' }
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
typed('ZREM', KEYS[4], ARGV[1])
if present or ARGV[2] == '' then redis.call(ARGV[4], ARGV[3], 'gone') end
return { present and 'OK' or 'ABSENT' }
