-- @include "lifetime"
-- One copy as the flusher takes it, with the tail of its log.
-- Returns ABSENT_COPY, SUSPECT_COPY, or the copy as a list, and whether it is dirty.
local ABSENT_COPY, SUSPECT_COPY = 'ABSENT', 'SUSPECT'

local function unflushed_copy(id, state_key, companion_key, tail_key, stamp)
  local copy = redis.call(
    'HMGET', companion_key,
    'stamp', 'lin', 'rev', 'fen', 'st', 'sv', 'turn', 'log', 'wids', 'out', 'at', 'due', 'base'
  )
  local ttl = redis.call('PTTL', state_key)
  if not copy[2] or ttl == ABSENT then return ABSENT_COPY, false end
  if copy[1] ~= stamp then return SUSPECT_COPY, ttl == DIRTY end
  copy[1] = id
  copy[14] = redis.call('GET', state_key)
  copy[15] = redis.call('LRANGE', tail_key, 0, -1)
  return copy, ttl == DIRTY
end
