--[[
  BACKLOG: how many games one index holds, and for how long the most overdue has been due.
  KEYS  1 index
  Reply   games, ms overdue (0: none is), both as text
]]
-- @include "deployment"
-- @include "clock"
local first = typed('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local overdue = first[2] and math.max(0, now_ms() - tonumber(first[2])) or 0
return { tostring(redis.call('ZCARD', KEYS[1])), ms_text(overdue) }
