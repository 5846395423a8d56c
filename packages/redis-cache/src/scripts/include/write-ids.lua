-- The last writes of a game, newest last, as "<writeId>@<version> ...": see core/write-id.ts for the same in TypeScript.
-- Every write reads this text, so it is searched as it is: copies of it, and patterns, cost more than the write itself.
local REMEMBERED_WRITES = 16

local function find_write(list, write_id)
  local mark = write_id .. '@'
  local first = string.find(list, mark, 1, true)
  -- A longer id may end with this one.
  while first and first > 1 and string.sub(list, first - 1, first - 1) ~= ' ' do
    first = string.find(list, mark, first + 1, true)
  end
  if not first then return nil end
  local start = first + #mark
  return string.sub(list, start, (string.find(list, ' ', start, true) or 0) - 1)
end

local function remember_write(list, write_id, version)
  local entry = write_id .. '@' .. version
  if list == '' then return entry end
  local spaces, space = {}, string.find(list, ' ', 1, true)
  while space do
    spaces[#spaces + 1] = space
    space = string.find(list, ' ', space + 1, true)
  end
  local last_dropped = spaces[#spaces + 2 - REMEMBERED_WRITES]
  if last_dropped then list = string.sub(list, last_dropped + 1) end
  return list .. ' ' .. entry
end
