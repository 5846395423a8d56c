#!lua flags=allow-oom
--[[
  SET-METADATA: the store has this metadata of a game. A copy with an older one takes it, unverified or not; its state and
  its version stay. Without a copy a load under way loses its token: its row may be older than this.
  KEYS  1 state, 2 header, 3 tail, 4 index
  ARGV  1 version of the metadata, 2 metadata, 3 channel, 4 PUBLISH or SPUBLISH
  Replies
    OK version    the copy has it; its version is published
    NEWER         it had this one already, or a newer one
    ABSENT
]]
-- @include "deployment"
-- @include "decimals"
local copy = typed('HMGET', KEYS[2], 'lin', 'rev', 'mdv')
if not copy[1] or redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HDEL', KEYS[2], 'tok', 'tgen')
  return { 'ABSENT' }
end
if compare_decimals(copy[3] or '0', ARGV[1]) >= 0 then return { 'NEWER' } end
redis.call('HSET', KEYS[2], 'mdv', ARGV[1], 'md', ARGV[2])
local version = copy[1] .. '.' .. copy[2]
redis.call(ARGV[4], ARGV[3], version)
return { 'OK', version }
