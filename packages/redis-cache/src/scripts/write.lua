--[[
  WRITE, and SEAL with an outcome: compare-and-set of the next version: state, log entries, dirty mark and publication in
  one step. A game that is sealed has ended and takes no more writes.
  KEYS  1 state, 2 header, 3 tail, 4 index
  ARGV  1 id, 2 expected version, 3 write id, 4 state, 5 turn number, 6 schema version, 7 lag in ms,
        8 bound of the index (0 none, 'full' reached elsewhere), 9 channel, 10 PUBLISH or SPUBLISH,
        11 the outcome as JSON ('' for WRITE), 12 when it is due, in service time ('' never),
        13 `flush`: the reply is to bring what a flush of the new version needs, else '', 14.. log entries
  Replies, checked in this order; only OK changes anything
    MISS                      there is no copy: load, then retry with the same write id
    UNVERIFIED                the copy is of another history of Redis: load, then retry
    DUPLICATE made            this write id was applied before, and made this version
    ENDED
    CONFLICT version
    BACKPRESSURE              the index is at its bound, and this game is clean
    OK version
    OK version facts              for a flush: fence, number of entries, write ids, time, base, and the tail's entries of
                                  earlier writes; left out where those are many
]]
-- @include "deployment"
-- @include "apply-write"
return apply_write(ARGV[11])
