-- A row of the store as thirteen arguments, freshly fenced, and how it becomes the served copy: clean, with the fence as
-- its lineage and its version as base, an empty tail, no mark and no pending token.
local ROW_ARGUMENTS = 13

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
    origin = ARGV[first + 11],
    state = ARGV[first + 12],
  }
end

local function place_row(row, id, epoch, ttl_ms, state_key, metadata_key, tail_key, index_key)
  redis.call('SET', state_key, row.state, 'PX', ttl_ms)
  redis.call('DEL', metadata_key, tail_key)
  redis.call(
    'HSET', metadata_key,
    'st', row.st, 'rev', row.rev, 'lin', row.fen, 'fen', row.fen, 'epoch', epoch, 'wids', row.wids,
    'at', row.at, 'log', row.log, 'turn', row.turn, 'sv', row.sv,
    'due', row.due, 'base', row.lin .. '.' .. row.rev, 'origin', row.origin
  )
  if row.out ~= '' then redis.call('HSET', metadata_key, 'out', row.out) end
  redis.call('PEXPIRE', metadata_key, ttl_ms)
  typed('ZREM', index_key, id)
  return row.fen .. '.' .. row.rev
end
