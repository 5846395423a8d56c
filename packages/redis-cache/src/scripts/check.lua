--[[
  CHECK: which history this Redis serves, as far as a script may know it.
  Reply   the epoch, or `unknown`
]]
-- @include "epoch"
return { current_epoch() }
