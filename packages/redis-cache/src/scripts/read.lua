#!lua flags=allow-oom
--[[
  READ of any number of games, each by itself: the served copy, or the beginning of a load in the same round trip.
  KEYS  of each game 1 state, 2 header, 3 tail
  ARGV  1 ms that a header with only a token lives, then of each game 1 version already held, a slash, and the metadata's
        ('' none, '*' any), 2 token ('' none)
  Reply of each game
    HIT version status state, version of the rules, version of the metadata ('0' none), metadata
    SAME              the caller holds this version, or takes any
    MISS              no state, or a state without a header; with a token, the load has begun
    UNVERIFIED        the copy belongs to another history of Redis; with a token, the load has begun
]]
-- @include "deployment"
-- @include "epoch"
local epoch, token_ttl_ms = current_epoch(), ARGV[1]

local function read_game(known, token, state_key, header_key, tail_key)
  local copy = typed('HMGET', header_key, 'lin', 'rev', 'st', 'epoch', 'rules', 'mdv')
  local served = copy[1] and copy[4] == epoch
  if served then
    local version = copy[1] .. '.' .. copy[2]
    if (known == '*' or known == version .. '/' .. (copy[6] or '0')) and redis.call('EXISTS', state_key) == 1 then return { 'SAME' } end
    local state = typed('GET', state_key)
    if state then
      -- Read only here: a caller that holds the game is answered without it.
      local metadata_version = copy[6] or '0'
      local metadata = metadata_version ~= '0' and redis.call('HGET', header_key, 'md') or ''
      return { 'HIT', version, copy[3], state, copy[5] or '', metadata_version, metadata }
    end
  end

  local unverified = copy[1] and not served and redis.call('EXISTS', state_key) == 1
  if token ~= '' then
    -- Header and tail without a state are no copy: the token then stands alone, and only for a while. A tail without
    -- a header is no copy's, and goes when one is installed.
    if copy[1] and not unverified then redis.call('DEL', header_key, tail_key) end
    redis.call('HSET', header_key, 'tok', token, 'tgen', epoch)
    if not unverified then redis.call('PEXPIRE', header_key, token_ttl_ms) end
  end
  return { unverified and 'UNVERIFIED' or 'MISS' }
end

local replies = {}
for n = 1, #KEYS / 3 do
  replies[n] = read_game(ARGV[2 * n], ARGV[2 * n + 1], KEYS[3 * n - 2], KEYS[3 * n - 1], KEYS[3 * n])
end
return replies
