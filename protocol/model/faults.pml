/* What happens to the stores. Postgres loses no commit, unless a backup is restored. Then what Redis has is owed, until
 * Redis loses it too. The sweep that compares the two comes round long before a clean copy's time ends. */
#ifdef COMPARE
#define FORGIVE(kept) durable_acks = durable_acks & ~(owed & ~(kept)); owed = owed & (kept)
#define MAY_EXPIRE (owed == 0 && !METADATA_OWED)
#else
#define FORGIVE(kept) skip
#define MAY_EXPIRE 1
#endif
proctype RedisFault(byte on) {
  byte empties = CRASH_EMPTY, rewinds = CRASH_REWIND, expiries = EXPIRE, moves = MOVE;
  Copy older; bool kept = 0;
  do
  :: empties > 0 -> d_step { empties--; clear_copy(C); mark = 0; GEN++; lost = 1; acks = 0; FORGIVE(0) }
  :: rewinds > 0 && !kept -> d_step { kept = 1; copy_over(older, C) }
  :: rewinds > 0 && kept -> d_step { rewinds--; kept = 0; copy_over(C, older); clear_copy(older); GEN++; lost = 1; acks = 0; FORGIVE(C.mask) }
#ifdef TTL_DIRTY
  :: d_step { expiries > 0 && C.st != NONE -> expiries--; C.st = NONE; C.mask = 0; C.rev = 0; C.lin = 0 }
#else
  :: d_step { expiries > 0 && C.st != NONE && !C.dirty && MAY_EXPIRE -> expiries--; clear_copy(C) }
#endif
#if MOVE > 0
  /* Another node serves the slot, with all that is in it; a move back brings the replication id back too. */
  :: moves > 0 -> d_step { moves--; GEN = 3 - GEN }
#endif
  :: break
  od
}

#ifdef SPLIT
/* A replica is promoted while the old master goes on with some of the clients: it has a copy of now, and an id of its
 * own. With HEAL the old master then becomes a replica of the new one, and its clients follow. */
proctype Split() {
  d_step { copy_over(redis[1], redis[0]); gen[1] = 2; at[1] = 1; lost = 1; split = 1 };
#ifdef HEAL
  d_step { clear_copy(redis[0]); at[0] = 1; gen[0] = 0 }
#endif
}
#endif

#ifdef STORE_REWIND
/* A backup of an earlier moment is restored: what Redis lacks as well is lost by that, and was declared so. */
proctype StoreFault(byte on) {
  byte b_st, b_lin, b_rev, b_fen, b_mask, b_wids, b_clock;
#ifdef METADATA
  byte b_md, b_mv;
#endif
#ifdef YOUNG
  d_step { b_clock = clock };                        /* the game was created since: the backup has no row of it */
#else
  d_step { b_st = p_st; b_lin = p_lin; b_rev = p_rev; b_fen = p_fen; b_mask = p_mask; b_wids = p_wids; b_clock = clock;
#ifdef METADATA
    b_md = p_md; b_mv = p_mv
#endif
  };
#endif
  d_step { p_st = b_st; p_lin = b_lin; p_rev = b_rev; p_fen = b_fen; p_mask = b_mask; p_wids = b_wids;
#ifdef FENCE_RESTORED
    clock = b_clock;
#endif
#ifdef COMPARE
    owed = (durable_acks | acks) & ~p_mask & C.mask;
#endif
#ifdef METADATA
    p_md = b_md; p_mv = b_mv; metadata_acks = metadata_acks & (p_md | C.md);
#endif
    durable_acks = durable_acks & (p_mask | OWED); acks = acks & (p_mask | OWED);
    undone = was_gone; delete_acked = 0;             /* a deletion made since is lost too */
    store_lost = 1; lost = 1 }
}
#endif
