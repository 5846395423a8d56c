#!lua flags=allow-oom
--[[
  CLAIM: takes due games, the most overdue first, and hides them from other claims for a while. Games without a copy are
  unmarked. The form `copies` ends with the game that reaches the bytes, and leaves the others as they were.
  It also works when memory is full, since flushing frees memory.
  The form `copies` reads keys that are not in KEYS, so it needs a Redis that is not a Cluster. The form `ids` touches
  the index alone; CLAIM-GAME then reads each copy.
  KEYS  1 index
  ARGV  1 how many, 2 hide in ms, 3 ms ahead of now that count as due, 4 `copies` or `ids`, 5 key prefix,
        6 bytes of states and log entries ('': no bound)
  Replies
    copies: { copies (include/unflushed), unverified ids, absent ids, 1 if a bound ended it, games, ms overdue }
    ids:    { ids, time of the next deadline that was left ('' none), now, games, ms overdue }
    games and ms overdue are those of the whole index before (as BACKLOG), as text
]]
-- @include "deployment"
-- @include "backlog"
-- @include "epoch"
-- @include "unflushed"
local now = now_ms()
local games, overdue = backlog_of(KEYS[1], now)
local due = typed('ZRANGE', KEYS[1], '-inf', ms_text(now + tonumber(ARGV[3])), 'BYSCORE', 'LIMIT', 0, ARGV[1])
local hidden_until = ms_text(now + tonumber(ARGV[2]))
if ARGV[4] == 'ids' then
  for _, id in ipairs(due) do redis.call('ZADD', KEYS[1], hidden_until, id) end
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return { due, first[2] or '', ms_text(now), games, overdue }
end

local epoch = current_epoch()
local max_bytes = tonumber(ARGV[6]) or math.huge
local copies, unverified, absent = {}, {}, {}
local bytes = 0
local more = #due == tonumber(ARGV[1])
for _, id in ipairs(due) do
  if bytes >= max_bytes then
    more = true
    break
  end
  local key = ARGV[5] .. 'game:' .. id
  local copy, dirty = unflushed_copy(id, key, '{' .. key .. '}:m', '{' .. key .. '}:l', epoch)
  if copy == ABSENT_COPY then
    redis.call('ZREM', KEYS[1], id)
    absent[#absent + 1] = id
  elseif copy == UNVERIFIED_COPY then
    redis.call('ZADD', KEYS[1], hidden_until, id)
    unverified[#unverified + 1] = id
  elseif dirty then
    redis.call('ZADD', KEYS[1], hidden_until, id)
    copies[#copies + 1] = copy
    bytes = bytes + #copy[15]
    for _, entry in ipairs(copy[16]) do bytes = bytes + #entry end
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return { copies, unverified, absent, more and 1 or 0, games, overdue }
