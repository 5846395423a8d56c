-- @include "clock"
-- How many games an index holds, and for how many ms the most overdue has been due (0: none is), both as text.
local function backlog_of(index, now)
  local first = typed('ZRANGE', index, 0, 0, 'WITHSCORES')
  local overdue = first[2] and math.max(0, now - tonumber(first[2])) or 0
  return tostring(redis.call('ZCARD', index)), ms_text(overdue)
end
