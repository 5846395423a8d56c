-- @include "decimals"
-- A row of the store, freshly fenced, as two arguments: fifteen fields, a line each, and the state. And how it becomes the
-- served copy: clean, with the fence as its lineage and its version as base, an empty tail and no pending token. Its mark is
-- the caller's to remove.
local ROW_ARGUMENTS = 2
-- One match takes the fields: a recovery brings many rows, and each call of a library costs.
local ROW_FIELDS = '^' .. string.rep('([^\n]*)\n', 14) .. '(.*)$'

local function row_from(first)
  local lin, rev, fen, st, sv, turn, log, wids, out, at, due, rules, mdv, origin, md = string.match(ARGV[first], ROW_FIELDS)
  return {
    lin = lin, rev = rev, fen = fen, st = st, sv = sv, turn = turn, log = log, wids = wids, out = out, at = at,
    due = due, rules = rules, mdv = mdv, origin = origin, md = md, state = ARGV[first + 1]
  }
end

-- The metadata of the row, or of a copy that has newer, as after a restore of the store.
local function newest_metadata(row, header_key)
  local held = typed('HMGET', header_key, 'mdv', 'md')
  if held[1] and held[2] and compare_decimals(held[1], row.mdv) > 0 then return held[1], held[2] end
  return row.mdv, row.md
end

-- `has_header`: the header holds more than a token.
local function place_row(row, has_header, epoch, ttl_ms, state_key, header_key, tail_key)
  local mdv, md = row.mdv, row.md
  if has_header then mdv, md = newest_metadata(row, header_key) end
  redis.call('SET', state_key, row.state, 'PX', ttl_ms)
  redis.call('DEL', header_key, tail_key)
  redis.call(
    'HSET', header_key,
    'st', row.st, 'rev', row.rev, 'lin', row.fen, 'fen', row.fen, 'epoch', epoch, 'wids', row.wids,
    'at', row.at, 'log', row.log, 'turn', row.turn, 'sv', row.sv,
    'due', row.due, 'base', row.lin .. '.' .. row.rev, 'origin', row.origin,
    'rules', row.rules, 'mdv', mdv, 'md', md
  )
  if row.out ~= '' then redis.call('HSET', header_key, 'out', row.out) end
  redis.call('PEXPIRE', header_key, ttl_ms)
  return row.fen .. '.' .. row.rev
end
