#!lua flags=allow-oom
--[[
  READ: the served copy, or the beginning of a load in the same round trip.
  KEYS  1 state, 2 metadata, 3 tail
  ARGV  1 version already held ('' none, '*' any), 2 token ('' none), 3 ms that metadata with only a token lives
  Replies
    HIT version status state
    SAME              the caller holds this version, or takes any
    MISS              no state, or a state without metadata; with a token, the load has begun
    UNVERIFIED        the copy belongs to another history of Redis; with a token, the load has begun
]]
-- @include "deployment"
-- @include "epoch"
local copy = typed('HMGET', KEYS[2], 'lin', 'rev', 'st', 'epoch')
local epoch = current_epoch()
local served = copy[1] and copy[4] == epoch
local state = nil
if served then
  local version = copy[1] .. '.' .. copy[2]
  if (ARGV[1] == '*' or ARGV[1] == version) and redis.call('EXISTS', KEYS[1]) == 1 then return { 'SAME' } end
  state = typed('GET', KEYS[1])
  if state then return { 'HIT', version, copy[3], state } end
end

local unverified = copy[1] and not served and redis.call('EXISTS', KEYS[1]) == 1
if ARGV[2] ~= '' then
  -- Metadata and tail without a state are no copy: the token then stands alone, and only for a while.
  if not unverified then redis.call('DEL', KEYS[2], KEYS[3]) end
  redis.call('HSET', KEYS[2], 'tok', ARGV[2], 'tgen', epoch)
  if not unverified then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
end
return { unverified and 'UNVERIFIED' or 'MISS' }
