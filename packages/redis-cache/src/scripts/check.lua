--[[
  CHECK: whether a script on this Redis can tell which history it serves.
  Reply   the epoch, or `unknown`
]]
-- @include "epoch"
return { current_epoch() }
