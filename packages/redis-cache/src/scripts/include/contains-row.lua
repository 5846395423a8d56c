-- @include "decimals"
-- Whether a copy has all of a row: the row is no further in the copy's own lineage, or no newer than the row's version
-- that this lineage grew from (base). See core/version.ts for the same in TypeScript.
local function contains_row(lineage, revision, base, row)
  if row.lin == lineage then return compare_decimals(row.rev, revision) <= 0 end
  local base_lineage, base_revision = string.match(base or '0.0', '^(%d+)%.(%d+)$')
  local by_lineage = compare_decimals(row.lin, base_lineage)
  return by_lineage < 0 or (by_lineage == 0 and compare_decimals(row.rev, base_revision) <= 0)
end
