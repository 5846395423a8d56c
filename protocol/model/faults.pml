/* What happens to the stores. Postgres loses no commit, unless a backup is restored. */
proctype RedisFault(byte on) {
  byte empties = CRASH_EMPTY, rewinds = CRASH_REWIND, expiries = EXPIRE, moves = MOVE;
  Copy older; bool kept = 0;
  do
  :: empties > 0 -> d_step { empties--; clear_copy(C); mark = 0; GEN++; lost = 1; acks = 0 }
  :: rewinds > 0 && !kept -> d_step { kept = 1; copy_over(older, C) }
  :: rewinds > 0 && kept -> d_step { rewinds--; kept = 0; copy_over(C, older); clear_copy(older); GEN++; lost = 1; acks = 0 }
#ifdef TTL_DIRTY
  :: d_step { expiries > 0 && C.st != NONE -> expiries--; C.st = NONE; C.mask = 0; C.rev = 0; C.lin = 0 }
#else
  :: d_step { expiries > 0 && C.st != NONE && !C.dirty -> expiries--; clear_copy(C) }
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
/* A backup of an earlier moment is restored: what is lost by that was declared so. */
proctype StoreFault() {
  byte b_st, b_lin, b_rev, b_fen, b_mask, b_wids, b_clock;
  d_step { b_st = p_st; b_lin = p_lin; b_rev = p_rev; b_fen = p_fen; b_mask = p_mask; b_wids = p_wids; b_clock = clock };
  d_step { p_st = b_st; p_lin = b_lin; p_rev = b_rev; p_fen = b_fen; p_mask = b_mask; p_wids = b_wids;
#ifdef FENCE_RESTORED
    clock = b_clock;
#endif
    durable_acks = durable_acks & p_mask; store_lost = 1; lost = 1 }
}
#endif
