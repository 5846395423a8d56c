-- Orders two decimal texts without leading zeros as numbers, by length and then by bytes: a Lua number would lose
-- digits above 2^53. Returns -1, 0 or 1.
local function compare_decimals(a, b)
  if a == b then return 0 end
  if #a ~= #b then return #a < #b and -1 or 1 end
  return a < b and -1 or 1
end
