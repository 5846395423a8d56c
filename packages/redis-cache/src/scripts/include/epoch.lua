-- The id of the history that this Redis serves: its replication id, which changes on restart, promotion and failback.
-- If scripts may not call INFO, it is a constant, and a failover goes unnoticed.
local function current_epoch()
  local info = redis.pcall('INFO', 'replication')
  if type(info) ~= 'string' then return 'unknown' end
  return string.match(info, 'master_replid:(%x+)') or 'unknown'
end
