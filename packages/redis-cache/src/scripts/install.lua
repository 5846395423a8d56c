--[[
  INSTALL of any number of games, each by itself: makes a freshly fenced row the served copy, for the one load that the
  token names.
  An unverified copy is kept if it has all of the row. It then takes the row's fence as its lineage and the row's version
  as its base. A kept copy is clean only if it has no more than the row. Otherwise it is dirty and due now, and its tail
  still holds what the store may lack.
  KEYS  of each game 1 state, 2 header, 3 tail; last the index
  ARGV  1 TTL in ms, then of each game 1 id, 2 token, 3.. the row (include/row)
  Reply of each game
    OK version kept   kept: 1 if an unverified copy was kept, else 0
    TOKEN_LOST        another load began, or this Redis is not the one that it began on; nothing changed
    PRESENT           a copy is served already; the token is used up, nothing else changed
]]
-- @include "deployment"
-- @include "clock"
-- @include "contains-row"
-- @include "lifetime"
-- @include "row"
-- @include "epoch"
local epoch, index_key, ttl_ms = current_epoch(), KEYS[#KEYS], ARGV[1]

-- Clean copies: their marks go in one call.
local clean = {}

local function install_row(first, state_key, header_key, tail_key)
  local id, token = ARGV[first], ARGV[first + 1]
  local copy = typed('HMGET', header_key, 'tok', 'tgen', 'lin', 'rev', 'epoch', 'base')
  if copy[1] ~= token or copy[2] ~= epoch then return { 'TOKEN_LOST' } end

  local lineage, revision = copy[3], copy[4]
  local is_there = lineage and redis.call('PTTL', state_key) ~= ABSENT
  if is_there and copy[5] == epoch then
    redis.call('HDEL', header_key, 'tok', 'tgen')
    return { 'PRESENT' }
  end
  local row = row_from(first + 2)
  if not is_there or not contains_row(lineage, revision, copy[6], row) then
    clean[#clean + 1] = id
    return { 'OK', place_row(row, lineage, epoch, ttl_ms, state_key, header_key, tail_key), '0' }
  end

  local mdv, md = newest_metadata(row, header_key)
  redis.call('HDEL', header_key, 'tok', 'tgen')
  redis.call(
    'HSET', header_key,
    'lin', row.fen, 'fen', row.fen, 'epoch', epoch, 'base', row.lin .. '.' .. row.rev, 'origin', row.origin,
    'rules', row.rules, 'mdv', mdv, 'md', md
  )
  -- The revision counts all writes, so a copy that has all of a row of its own revision is the same.
  if row.rev == revision then
    redis.call('DEL', tail_key)
    clean[#clean + 1] = id
    set_lifetime(state_key, header_key, tail_key, ttl_ms)
  else
    redis.call('PERSIST', state_key)
    redis.call('PERSIST', header_key)
    redis.call('PERSIST', tail_key)
    typed('ZADD', index_key, 'LT', ms_text(now_ms()), id)
  end
  return { 'OK', row.fen .. '.' .. revision, '1' }
end

local replies = {}
for n = 1, (#KEYS - 1) / 3 do
  local first = 2 + (n - 1) * (2 + ROW_ARGUMENTS)
  replies[n] = install_row(first, KEYS[3 * n - 2], KEYS[3 * n - 1], KEYS[3 * n])
end
if #clean > 0 then typed('ZREM', index_key, unpack(clean)) end
return replies
