-- @include "lifetime"
-- A row of the store as twelve arguments, freshly fenced, and how it becomes the served copy: clean, with the fence as
-- its lineage and its version as base, an empty tail, no mark and no pending token.
local function row_from(first)
  return {
    lin = ARGV[first],
    rev = ARGV[first + 1],
    fen = ARGV[first + 2],
    st = ARGV[first + 3],
    sv = ARGV[first + 4],
    turn = ARGV[first + 5],
    log = ARGV[first + 6],
    wids = ARGV[first + 7],
    out = ARGV[first + 8],
    at = ARGV[first + 9],
    due = ARGV[first + 10],
    state = ARGV[first + 11],
  }
end

local function place_row(row, id, epoch, ttl_ms)
  redis.call('SET', KEYS[1], row.state)
  redis.call('DEL', KEYS[2], KEYS[3])
  redis.call(
    'HSET', KEYS[2],
    'st', row.st, 'rev', row.rev, 'lin', row.fen, 'fen', row.fen, 'epoch', epoch, 'wids', row.wids,
    'at', row.at, 'log', row.log, 'turn', row.turn, 'sv', row.sv,
    'due', row.due, 'base', row.lin .. '.' .. row.rev
  )
  if row.out ~= '' then redis.call('HSET', KEYS[2], 'out', row.out) end
  typed('ZREM', KEYS[4], id)
  set_lifetime(KEYS[1], KEYS[2], KEYS[3], ttl_ms)
  return row.fen .. '.' .. row.rev
end
