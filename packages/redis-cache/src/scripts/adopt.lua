#!lua flags=allow-oom
--[[
  ADOPT: takes a newer fence for the lineage that is still served; the version stays. A load under way loses its token,
  since it may have drawn the same fence, and no two copies may ever hold one fence.
  KEYS  1 state, 2 header
  ARGV  1 lineage, 2 fence
  Replies
    OK            the fence is this one, or a newer one that was there
    OTHER         another lineage is served, or none
]]
-- @include "deployment"
-- @include "decimals"
-- @include "epoch"
local copy = typed('HMGET', KEYS[2], 'lin', 'fen', 'epoch')
if copy[1] ~= ARGV[1] or copy[3] ~= current_epoch() or redis.call('EXISTS', KEYS[1]) == 0 then return { 'OTHER' } end
redis.call('HDEL', KEYS[2], 'tok', 'tgen')
if compare_decimals(copy[2], ARGV[2]) < 0 then redis.call('HSET', KEYS[2], 'fen', ARGV[2]) end
return { 'OK' }
