-- @include "lifetime"
-- One copy as the flusher takes it, with the tail of its log unless that is not wanted.
-- Returns ABSENT_COPY, UNVERIFIED_COPY, or the copy as a list, and whether it is dirty.
local ABSENT_COPY, UNVERIFIED_COPY = 'ABSENT', 'UNVERIFIED'

local function unflushed_copy(id, state_key, header_key, tail_key, epoch, without_tail)
  local copy = typed(
    'HMGET', header_key,
    'epoch', 'lin', 'rev', 'fen', 'st', 'sv', 'turn', 'log', 'wids', 'out', 'at', 'due', 'base', 'origin'
  )
  local ttl = redis.call('PTTL', state_key)
  if not copy[2] or ttl == ABSENT then return ABSENT_COPY, false end
  if copy[1] ~= epoch then return UNVERIFIED_COPY, ttl == DIRTY end
  copy[1] = id
  copy[15] = typed('GET', state_key)
  if not copy[15] then return ABSENT_COPY, false end
  copy[16] = without_tail and {} or typed('LRANGE', tail_key, 0, -1)
  return copy, ttl == DIRTY
end
