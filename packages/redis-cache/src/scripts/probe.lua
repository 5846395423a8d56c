--[[
  PROBE: does with one key what the scripts do with keys of its kind, and takes it back. It goes on after a refusal, so
  that one reply has all of them.
  KEYS  1 the key
  ARGV  1 `state`, `header`, `tail`, `index` or `deployment`, 2 id of no game, 3 its channel, 4 PUBLISH or SPUBLISH
  Reply   command and error of each refusal, one after the other
]]
local key, id = KEYS[1], ARGV[2]
local refusals = {}

local function try(command, ...)
  local reply = redis.pcall(command, ...)
  if type(reply) ~= 'table' or not reply.err then return end
  refusals[#refusals + 1] = command
  refusals[#refusals + 1] = reply.err
end

if ARGV[1] == 'deployment' then
  -- Others use it now, so the write is one that changes nothing.
  try('GET', key)
  try('PERSIST', key)
  return refusals
elseif ARGV[1] == 'index' then
  try('ZADD', key, 'LT', 0, id)
  try('ZRANGE', key, 0, 0)
  try('ZCARD', key)
  try('ZSCORE', key, id)
  try('ZREM', key, id)
  return refusals
end

if ARGV[1] == 'state' then
  try('SET', key, id)
  try('GET', key)
  try('EXISTS', key)
  try('STRLEN', key)
  try('BITCOUNT', key)
  try('TIME')
  try(ARGV[4], ARGV[3], id)
elseif ARGV[1] == 'header' then
  try('HSET', key, 'rev', 1)
  try('HINCRBY', key, 'rev', 1)
  try('HGET', key, 'rev')
  try('HMGET', key, 'rev')
  try('HEXISTS', key, 'rev')
  try('HDEL', key, 'tok')
else
  try('RPUSH', key, id)
  try('LRANGE', key, 0, -1)
  try('LLEN', key)
  try('LTRIM', key, 0, -1)
end
try('PEXPIRE', key, 1000)
try('PTTL', key)
try('PERSIST', key)
try('PEXPIRE', key, 1000)
try('DEL', key)
return refusals
