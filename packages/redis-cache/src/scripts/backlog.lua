--[[
  BACKLOG: how many games one index holds, and for how long the most overdue has been due.
  KEYS  1 index
  Reply   games, ms overdue (0: none is), both as text
]]
-- @include "deployment"
-- @include "backlog"
local games, overdue = backlog_of(KEYS[1], now_ms())
return { games, overdue }
