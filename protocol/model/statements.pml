/* Postgres's statements and transactions, one atomic step each, by their names in packages/sql-store/src.
 * They answer in `f`. */
#define WRITTEN 1
#define CONTAINED 2
#define FENCE 3            /* f_fen: the row's */
#define FORK 4
#define GONE 5
#define QUARANTINED 6
#define ORPHAN 7
#define REMEMBERED 8       /* the row has the write that is asked for, but maybe not all of the copy */
#define UNTOUCHED 9        /* classified by a statement of its own */

/* Draws a fence for a live or ended row, and reads it. Fences come from a clock, which a restored backup does not set
 * back; FENCE_RESTORED takes them from a sequence, which it does. */
inline LOAD() {
  d_step {
    if :: IS_ACTIVE -> clock++ :: else fi;
#ifdef NO_FENCE
    l_fen = clock;
#else
    if :: IS_ACTIVE -> p_fen = (clock > p_fen -> clock : p_fen + 1) :: else fi;
    l_fen = p_fen;
#endif
    l_st = p_st; l_lin = p_lin; l_rev = p_rev; l_mask = p_mask;
#if defined(WIDLIST) || defined(WIDLAST)
    l_wids = 0;
#else
    l_wids = p_wids;
#endif
#ifdef LOG
    l_seq = p_seq; l_logn = p_logn;
#endif
#ifdef METADATA
    l_md = p_md; l_mv = p_mv;
#endif
  }
}

inline take_copy() {
  p_lin = c.lin; p_rev = c.rev; p_mask = c.mask; p_wids = c.wids;
#ifdef COMPARE
  owed = owed & ~p_mask;
#endif
#ifdef LOG
  p_seq = c.seq; p_logn = c.logn; log_entries();
#endif
}
#ifdef LOG
/* The tail's entries, numbered to the copy's count; those that are there stay as they are. */
inline log_entries() {
  n = 0;
  do
  :: n < c.tailn ->
       if
       :: p_log[c.logn - n] == 0 -> p_log[c.logn - n] = (c.tail >> (3 * n)) & 7
       :: else
       fi;
       n++
  :: else -> break
  od;
  n = 0
}
/* The log is that of the row's version: no gap, nothing twice, nothing beyond. */
inline check_log() {
  n = 0;
  do
  :: n < p_logn -> assert(p_log[p_logn - n] == ((p_seq >> (3 * n)) & 7)); n++
  :: else -> break
  od;
  assert(p_log[p_logn + 1] == 0);
  n = 0
}
#endif

#ifdef NO_FENCE
#define MAY_FLUSH (p_rev < c.rev)
#else
#define MAY_FLUSH (p_fen == c.fen && HIGHER(c.lin, c.rev, p_lin, p_rev) && HOLDS_ROW(c, p_lin, p_rev))
#endif
#ifdef FLUSH_QUARANTINED
#define CAN_FLUSH (IS_ACTIVE || p_st == ASIDE)
#else
#define CAN_FLUSH IS_ACTIVE
#endif

#ifdef CLASSIFY_APART
#define FLUSH() d_step { write_row(); note_ack() }; if :: f == UNTOUCHED -> d_step { classify(); note_ack() } :: else fi
#else
#define FLUSH() d_step { write_row(); if :: f == UNTOUCHED -> classify() :: else fi; note_ack() }
#endif

/* From here on the writer may learn that its write is durable. */
inline note_ack() {
  if
  :: f == WRITTEN || f == CONTAINED || f == REMEMBERED -> durable_acks = durable_acks | asked; CHECK_DURABLE
  :: else
  fi
}

/* Writes the claimed copy over the row where nothing speaks against it. */
inline write_row() {
  if
#ifdef UPSERT
  :: IS_GONE -> assert(!I2); p_st = LIVE; f = WRITTEN
#endif
  :: CAN_FLUSH && MAY_FLUSH ->
       assert(!I2 || p_st != ASIDE);
       assert(!I3 || HIGHER(c.lin, c.rev, p_lin, p_rev));
       assert(!I3 || (p_mask & ~c.mask) == 0);       /* nothing that the row has is dropped */
       p_st = c.st; take_copy(); f = WRITTEN
  :: else ->
#ifdef LOG_APART
       log_entries();
#endif
       f = UNTOUCHED
  fi;
#ifdef LOG
  check_log();
#endif
  CHECK_DURABLE
}

/* Where the row stands beside a copy that was not written. `asked`: the write whose durability is asked for, or 0.
 * CLASSIFY_APART makes it a step of its own, as it is; its verdicts are for good, so most runs spare that step. */
inline classify() {
  if
  :: p_st == NONE -> f = ORPHAN
  :: p_st != NONE && (p_wids & asked) -> f = REMEMBERED
  :: else ->
     if
     :: IS_GONE -> f = GONE
     :: p_st == ASIDE -> f = QUARANTINED
     :: IS_ACTIVE ->
#ifdef NO_FENCE
        f = CONTAINED
#else
        if
        :: p_lin == c.lin && p_rev >= c.rev -> f = CONTAINED
        :: p_lin > c.lin || !HOLDS_ROW(c, p_lin, p_rev) -> f = FORK
        :: else -> f = FENCE; f_fen = p_fen          /* also where nothing speaks against it by now */
        fi
#endif
     fi
  fi
}

/* One statement: the row locked, history, the row a tombstone. */
inline ARCHIVE() {
  d_step {
    if
    :: p_st == NONE -> f = ORPHAN
    :: IS_GONE -> f = GONE
    :: p_st == ASIDE -> f = QUARANTINED
#ifdef NO_FENCE
    :: IS_ACTIVE && p_rev > c.rev -> f = FORK
    :: IS_ACTIVE && p_rev <= c.rev -> f = WRITTEN
#else
    :: IS_ACTIVE && (p_lin > c.lin || !HOLDS_ROW(c, p_lin, p_rev)) -> f = FORK
    :: IS_ACTIVE && !(p_lin > c.lin || !HOLDS_ROW(c, p_lin, p_rev)) && p_fen != c.fen -> f = FENCE; f_fen = p_fen
    :: IS_ACTIVE && !(p_lin > c.lin || !HOLDS_ROW(c, p_lin, p_rev)) && p_fen == c.fen -> f = WRITTEN
#endif
    fi;
    if
    :: f == WRITTEN ->
         history++; p_st = ARCHIVED;
         assert(!I3 || (p_mask & ~c.mask) == 0);
         take_copy();
         assert(!I4 || history == 1);
#ifdef LOG
         check_log();                                /* the replay is composed from it */
#endif
         CHECK_DURABLE
    :: else
    fi
  }
}

#ifdef METADATA
/* A change of the metadata that was made from l_md at the version l_mv, if the row has nothing newer; l_md and l_mv are the
 * row's then. Its version is drawn by the clock, above both. */
inline SET_METADATA(change) {
  d_step {
    if
    :: !IS_ACTIVE -> f = GONE
    :: IS_ACTIVE && p_mv <= l_mv -> p_md = l_md | (change); clock++; p_mv = (clock > l_mv -> clock : l_mv + 1); f = WRITTEN
    :: else -> f = FORK
    fi;
    if :: f != GONE -> l_md = p_md; l_mv = p_mv :: else -> FORGET_METADATA fi
  }
}
#endif

/* A row for a copy that is served and has none, as it was created since a backup that was restored. Neither a tombstone
 * nor history knows of the game. */
inline RECREATE() {
  d_step {
    if
    :: p_st == NONE && history == 0 ->
         assert(!I2 || !delete_acked);
         p_st = c.st; p_fen = c.fen; take_copy(); CHECK_DURABLE
    :: else
    fi;
    clear_copy(c)
  }
}

/* A tombstone for a copy without a row, so that nobody makes that row any more; or as REMOVE. */
inline MARK_MISSING() {
  d_step {
#ifndef NO_MARK
    if :: p_st == NONE && history == 0 -> p_st = DELETED :: else fi;
#endif
    if :: IS_ACTIVE || p_st == ASIDE -> p_st = DELETED :: else fi;
    was_gone = 1; undone = 0; f = GONE
  }
}

/* The row a tombstone without a state, its log gone. */
inline REMOVE() {
  d_step {
    if
    :: IS_ACTIVE || p_st == ASIDE ->
#ifdef NO_TOMBSTONE
         p_st = NONE
#else
         p_st = DELETED
#endif
         ; was_gone = 1; f = GONE
    :: p_st == NONE -> f = ORPHAN
    :: else -> f = GONE
    fi
  }
}

/* The row quarantined; only an operator brings it back. */
inline QUARANTINE() {
  d_step {
    if :: IS_ACTIVE -> p_st = ASIDE; f = QUARANTINED
       :: else -> f = GONE
    fi
  }
}

/* A row, unless the id is or was in use. */
inline CREATE() {
  d_step {
    if
    :: p_st == NONE && history == 0 ->
         assert(!I2 || !was_gone);
         clock++; p_st = LIVE; p_lin = clock; p_rev = 1; p_fen = clock; p_mask = 0; p_wids = 0; f = WRITTEN
    :: else -> f = GONE
    fi
  }
}
