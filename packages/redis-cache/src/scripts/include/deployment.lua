-- @include "typed"
-- Whose keys these are. The last key holds the deployment that owns them, the last argument is the one that asks ('' none
-- does). Both are taken away here, so that a script's own keys and arguments come first and last. The first deployment
-- owns the keys, and after a loss the next; of another one nothing is done. Flushing works when memory is full.
local owner_key, asking = table.remove(KEYS), table.remove(ARGV)
if asking ~= '' then
  local owner = typed('GET', owner_key)
  if owner and owner ~= asking then return { 'FOREIGN', owner } end
  if not owner then redis.pcall('SET', owner_key, asking) end
end
