-- The identity of the history that this Redis serves: its replication id, which changes on restart, promotion and
-- failback. Where INFO is refused inside scripts it is a constant, and a failover cannot be told from health.
local function current_epoch()
  local info = redis.pcall('INFO', 'replication')
  if type(info) ~= 'string' then return 'unknown' end
  return string.match(info, 'master_replid:(%x+)') or 'unknown'
end
