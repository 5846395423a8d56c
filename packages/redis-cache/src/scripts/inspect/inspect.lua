#!lua flags=no-writes
--[[
  INSPECT: which history this Redis serves, and what there is of some games, or of none, each with its place in the dirty
  index. Changes nothing.
  KEYS  1 index, then state, header and tail of each game; nothing for no game
  ARGV  1 holds `states`: with the states, `entries`: with the tails; then the id of each game
  Reply   the epoch, or `unknown`, then one list for each game that has a copy: id, 1 if it is served, ms to live
          (-1 dirty), deadline in the index ('' none), entries in the tail, bytes of the state, lineage, revision, fence,
          base, status, schema version, turn, log count, last activity, due time, state ('' not asked for),
          tail (empty: not asked for)
]]
-- @include "deployment"
-- @include "epoch"
-- @include "held"
-- @include "lifetime"

local function asked(what) return string.find(ARGV[1], what, 1, true) end

local epoch = current_epoch()
local reply = { epoch }
for n = 2, #ARGV do
  local state, header, tail = KEYS[3 * n - 4], KEYS[3 * n - 3], KEYS[3 * n - 2]
  local copy = held(
    'HMGET', header, 'lin', 'rev', 'fen', 'base', 'st', 'sv', 'turn', 'log', 'at', 'due', 'epoch'
  )
  local ttl, bytes = redis.call('PTTL', state), held('STRLEN', state)
  if copy[1] and ttl ~= ABSENT and type(bytes) == 'number' then
    local deadline = held('ZSCORE', KEYS[1], ARGV[n])
    local facts = {
      ARGV[n], copy[11] == epoch and 1 or 0, ttl, deadline or '', held('LLEN', tail), bytes,
    }
    for field = 1, 10 do facts[6 + field] = copy[field] or '' end
    facts[17] = asked('states') and held('GET', state) or ''
    facts[18] = asked('entries') and held('LRANGE', tail, 0, -1) or {}
    reply[#reply + 1] = facts
  end
end
return reply
