--[[
  CHECK: whether a script on this Redis can tell which history it serves.
  Reply   the stamp, or `unknown`
]]
-- @include "stamp"
return current_stamp()
