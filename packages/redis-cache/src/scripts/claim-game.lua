--[[
  CLAIM-GAME: one game's copy for a flush, due or not. Hides nothing. Unmarks a game that has no copy or a clean one.
  KEYS  1 state, 2 header, 3 tail, 4 index
  ARGV  1 id, 2 `dirty`: only a dirty copy, else '', 3 `short`: without the tail of its log, else ''
  Replies
    COPY copy (include/unflushed)
    CLEAN      only a dirty one was wanted
    UNVERIFIED
    ABSENT
]]
-- @include "deployment"
-- @include "epoch"
-- @include "unflushed"
local copy, dirty = unflushed_copy(ARGV[1], KEYS[1], KEYS[2], KEYS[3], current_epoch(), ARGV[3] == 'short')
if copy == ABSENT_COPY or (copy ~= UNVERIFIED_COPY and not dirty) then typed('ZREM', KEYS[4], ARGV[1]) end
if copy == ABSENT_COPY or copy == UNVERIFIED_COPY then return { copy } end
if ARGV[2] == 'dirty' and not dirty then return { 'CLEAN' } end
return { 'COPY', copy }
