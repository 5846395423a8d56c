-- @include "clock"
-- @include "lifetime"
-- @include "epoch"
-- @include "write-ids"
-- WRITE and SEAL: the questions in their order, then everything that a write changes.
-- The first change is the one that may be refused (out of memory, overflow), so that a refusal leaves nothing behind.
local FIRST_ENTRY = 14
-- Entries go to RPUSH in groups, since Lua's stack bounds the arguments of one call.
local ENTRIES_A_CALL = 1000
-- A reply that a player waits for brings at most so many entries of earlier writes.
local MOST_EARLIER_ENTRIES = 64

local function is_full(bound)
  if bound == '0' then return false end
  return bound == 'full' or typed('ZCARD', KEYS[4]) >= tonumber(bound)
end

-- What a flush of this version needs besides what was sent: of the same moment, or it would be of another version.
local function flush_facts(sent)
  if typed('LLEN', KEYS[3]) - sent > MOST_EARLIER_ENTRIES then return nil end
  local facts = redis.call('HMGET', KEYS[2], 'fen', 'log', 'wids', 'at', 'base')
  facts[6] = typed('LRANGE', KEYS[3], 0, -sent - 1)
  return facts
end

local function apply_write(outcome)
  local id, expected, write_id, state = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
  local copy = typed('HMGET', KEYS[2], 'lin', 'rev', 'st', 'epoch', 'wids')
  local lineage, ttl = copy[1], redis.call('PTTL', KEYS[1])
  if not lineage or ttl == ABSENT then return { 'MISS' } end
  if copy[4] ~= current_epoch() then return { 'UNVERIFIED' } end
  local version, write_ids = lineage .. '.' .. copy[2], copy[5] or ''
  local made = find_write(write_ids, write_id)
  if made then return { 'DUPLICATE', made } end
  if copy[3] == 'ended' then return { 'ENDED' } end
  if expected ~= version then return { 'CONFLICT', version } end
  if ttl ~= DIRTY and is_full(ARGV[8]) then return { 'BACKPRESSURE' } end

  redis.call('HINCRBY', KEYS[2], 'rev', 1)
  version = lineage .. '.' .. redis.call('HGET', KEYS[2], 'rev')
  local now = now_ms()
  redis.call(
    'HSET', KEYS[2],
    'wids', remember_write(write_ids, write_id, version), 'turn', ARGV[5], 'sv', ARGV[6], 'at', ms_text(now),
    'due', ARGV[12]
  )
  if outcome ~= '' then redis.call('HSET', KEYS[2], 'st', 'ended', 'out', outcome) end
  redis.call('SET', KEYS[1], state)
  if #ARGV >= FIRST_ENTRY then
    redis.call('HINCRBY', KEYS[2], 'log', #ARGV - FIRST_ENTRY + 1)
    for first = FIRST_ENTRY, #ARGV, ENTRIES_A_CALL do
      typed('RPUSH', KEYS[3], unpack(ARGV, first, math.min(first + ENTRIES_A_CALL - 1, #ARGV)))
    end
  end
  if ttl ~= DIRTY then
    redis.call('PERSIST', KEYS[2])
    redis.call('PERSIST', KEYS[3])
  end
  typed('ZADD', KEYS[4], 'LT', ms_text(now + tonumber(ARGV[7])), id)
  redis.call(ARGV[10], ARGV[9], version)
  return { 'OK', version, ARGV[13] == 'flush' and flush_facts(#ARGV - FIRST_ENTRY + 1) or nil }
end
