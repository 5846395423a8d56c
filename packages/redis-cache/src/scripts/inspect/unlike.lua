#!lua flags=no-writes
--[[
  UNLIKE: which of some games have no copy that is served, clean, out of the dirty index, and of the same digest as its
  row. A copy that was not written since its load has the version of the row that it grew from. Changes nothing.
  KEYS  1 index, then state and header of each game
  ARGV  1 the digest of each game, a line each: `<version> <fence> <log count> <bytes of the state> <bits set in them>`
  Reply   the ids of these games
]]
-- @include "deployment"
-- @include "epoch"
-- @include "held"

local epoch = current_epoch()

local function digest_of(state, header)
  local copy = held('HMGET', header, 'lin', 'rev', 'fen', 'log', 'base', 'epoch')
  local bytes, bits = held('STRLEN', state), held('BITCOUNT', state)
  if copy[6] ~= epoch or type(bytes) ~= 'number' or type(bits) ~= 'number' then return nil end
  local lineage, revision, base = copy[1] or '', copy[2] or '', copy[5] or ''
  local version = string.match(base, '%.(%d+)$') == revision and base or lineage .. '.' .. revision
  return table.concat({ version, copy[3] or '', copy[4] or '', bytes, bits }, ' ')
end

local unlike, n = {}, 0
for digest in string.gmatch(ARGV[1], '[^\n]+') do
  n = n + 1
  local state = KEYS[2 * n]
  local id = string.sub(state, -36)
  local clean = redis.call('PTTL', state) >= 0 and not held('ZSCORE', KEYS[1], id)
  if not clean or digest_of(state, KEYS[2 * n + 1]) ~= digest then unlike[#unlike + 1] = id end
end
return unlike
