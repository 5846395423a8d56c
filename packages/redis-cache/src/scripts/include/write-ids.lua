-- The last writes of a game, newest last, as "<writeId>@<version> ...": see core/write-id.ts for the same in TypeScript.
local REMEMBERED_WRITES = 16

local function find_write(list, write_id)
  local padded = ' ' .. list .. ' '
  local mark = ' ' .. write_id .. '@'
  local first = string.find(padded, mark, 1, true)
  if not first then return nil end
  local start = first + #mark
  return string.sub(padded, start, string.find(padded, ' ', start, true) - 1)
end

local function remember_write(list, write_id, version)
  local entry = write_id .. '@' .. version
  if list == '' then return entry end
  local _, spaces = string.gsub(list, ' ', ' ')
  for _ = REMEMBERED_WRITES - 1, spaces do
    list = string.sub(list, string.find(list, ' ', 1, true) + 1)
  end
  return list .. ' ' .. entry
end
