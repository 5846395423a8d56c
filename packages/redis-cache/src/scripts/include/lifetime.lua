-- A copy is dirty exactly when its state key has no time to live; header and tail share the state's.
-- PTTL of the state key: -2 there is no state, -1 dirty, else clean.
local ABSENT, DIRTY = -2, -1

local function set_lifetime(state_key, header_key, tail_key, ttl_ms)
  redis.call('PEXPIRE', state_key, ttl_ms)
  redis.call('PEXPIRE', header_key, ttl_ms)
  redis.call('PEXPIRE', tail_key, ttl_ms)
end
