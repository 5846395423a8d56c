/* Redis's scripts, one atomic step each, by their names in packages/redis-cache/src/scripts.
 * They answer in `o`. What a process holds of a row it loaded is l_*, of a copy it took c_*. */
#define HIT 1              /* served; e_lin and e_rev are its version */
#define OVER 2             /* served, and ended */
#define BEGUN 3            /* not served: a load has begun */
#define OK 4
#define TOKEN_LOST 5
#define PRESENT 6
#define NOT_THERE 7        /* no served copy */
#define CONFLICT 8
#define OTHER 9
#define CLEAN 10

#define ROW_HELD byte l_st = 0; byte l_lin = 0; byte l_rev = 0; byte l_fen = 0; byte l_mask = 0; byte l_wids = 0; \
  LOG_ROW_HELD; METADATA_ROW_HELD
#define COPY_HELD Copy c; byte e_lin = 0; byte e_rev = 0; byte e_mask = 0; byte o = 0; byte f = 0; byte f_fen = 0; byte n = 0
#ifdef LOG
#define LOG_ROW_HELD short l_seq = 0; byte l_logn = 0
#else
#define LOG_ROW_HELD skip
#endif
#ifdef METADATA
#define METADATA_ROW_HELD byte l_md = 0; byte l_mv = 0
/* Of the row and the copy the higher version counts. */
#define TAKE_METADATA if :: C.mv < l_mv -> C.mv = l_mv; C.md = l_md :: else fi
#define FORGET_METADATA l_md = 0; l_mv = 0
#else
#define METADATA_ROW_HELD skip
#define TAKE_METADATA skip
#define FORGET_METADATA skip
#endif

/* A write says which version its new state was made from. No version names two states, so that is the state held. */
#ifdef LOCAL
#define HOLD_STATE e_mask = C.mask
#define CHECK_STATE_HELD assert(!I1 || e_mask == C.mask)
#define KEEP_LOCAL_COPY e_lin = C.lin; e_rev = C.rev; e_mask = C.mask
#else
#define HOLD_STATE skip
#define CHECK_STATE_HELD skip
#define KEEP_LOCAL_COPY e_lin = 0; e_rev = 0
#endif

inline READ(token) {
  d_step {
    if
    :: IS_SERVED && C.st == LIVE -> e_lin = C.lin; e_rev = C.rev; HOLD_STATE; o = HIT
    :: IS_SERVED && C.st == ENDED -> o = OVER
    :: else -> C.tok = token; C.tgen = GEN; o = BEGUN
    fi
  }
}

/* A row as the served copy: clean, its fence as lineage, and grown from the row's version. */
inline place_row() {
  C.st = l_st; C.lin = l_fen; C.fen = l_fen; C.rev = l_rev; C.blin = l_lin; C.brev = l_rev; C.mask = l_mask;
  C.wids = l_wids; C.epoch = GEN; C.dirty = 0; C.tok = 0; C.tgen = 0;
#ifdef LOG
  C.seq = l_seq; C.logn = l_logn; C.tail = 0; C.tailn = 0;
#endif
  TAKE_METADATA
}

/* Whether all of this row is in that copy: the copy's own lineage, no further; or no newer than what it grew from. */
#ifdef NO_BASE
#define HOLDS_ROW(copy, lineage, revision) \
  ((lineage) < copy.lin || ((lineage) == copy.lin && (revision) <= copy.rev))
#else
#define HOLDS_ROW(copy, lineage, revision) \
  (((lineage) == copy.lin && (revision) <= copy.rev) || !HIGHER(lineage, revision, copy.blin, copy.brev))
#endif
#ifdef NO_TOKEN
#define TOKEN_HELD(token) 1
#elif defined(NO_EPOCH) || defined(NO_TOKGEN)
#define TOKEN_HELD(token) (C.tok == (token))
#else
#define TOKEN_HELD(token) (C.tok == (token) && C.tgen == GEN)
#endif

inline INSTALL(token) {
  d_step {
    if
    :: !TOKEN_HELD(token) -> o = TOKEN_LOST
    :: TOKEN_HELD(token) && IS_SERVED -> C.tok = 0; C.tgen = 0; o = PRESENT
    :: TOKEN_HELD(token) && IS_UNVERIFIED && HOLDS_ROW(C, l_lin, l_rev) ->
         C.dirty = C.rev != l_rev;
#ifdef LOG
         if :: !C.dirty -> C.tail = 0; C.tailn = 0 :: else fi;
#endif
         C.lin = l_fen; C.fen = l_fen; C.blin = l_lin; C.brev = l_rev; C.epoch = GEN; C.tok = 0; C.tgen = 0;
         TAKE_METADATA; o = OK
    :: else ->
         CHECK_NOT_GONE;
         assert(!I3 || C.st == NONE || lost);
         place_row(); o = OK
    fi;
    l_st = 0; l_lin = 0; l_rev = 0; l_fen = 0; l_mask = 0; l_wids = 0; FORGET_METADATA;
#ifdef LOG
    l_seq = 0; l_logn = 0;
#endif
  }
}

/* Compare and set; a write id that is remembered comes first. The first answer may be lost on its way (LOSTREPLY). The
 * answer to a write that was applied brings what its flush needs: the copy as the write made it, with the whole tail.
 * FACTS_APART asks for that in a step of its own, OWN_ENTRIES flushes the entries of this write alone. */
inline WRITE(w, code) {
#if defined(SPLIT_INDEX) || defined(SPLIT_COND)
  atomic { C.dirty = 1; mark++ };                    /* the mark in a step of its own, before the write */
#endif
  d_step {
    if
    :: IS_SERVED && (C.wids & (w)) -> o = OK
    :: IS_SERVED && !(C.wids & (w)) && C.st == ENDED -> o = OVER
    :: IS_SERVED && !(C.wids & (w)) && C.st == LIVE && C.lin == e_lin && C.rev == e_rev ->
         CHECK_NOT_GONE;
         assert((C.mask & (w)) == 0);                /* applied once */
         CHECK_STATE_HELD;
         apply_write(w, code); acks = acks | (w); o = OK; take_along(code)
    :: else -> o = CONFLICT
    fi;
    if :: o == OK -> KEEP_LOCAL_COPY :: else -> e_lin = 0; e_rev = 0; e_mask = 0 fi
  }
#ifdef FACTS_APART
  if
  :: c.st != NONE -> d_step {
       if :: IS_SERVED -> e_mask = c.mask; copy_over(c, C); c.mask = e_mask; forget_header() :: else -> clear_copy(c) fi;
       e_mask = 0 }
  :: else
  fi
#endif
}
inline take_along(code) {
  copy_over(c, C); forget_header();
#ifdef OWN_ENTRIES
  c.tail = (code); c.tailn = 1;
#endif
}
inline apply_write(w, code) {
  C.rev++; C.mask = C.mask | (w);
#ifdef WIDLAST
  C.wids = (w);
#else
  C.wids = C.wids | (w);
#endif
#if !defined(SPLIT_INDEX) && !defined(SPLIT_COND)
  C.dirty = 1;
#endif
#ifdef LOG
  C.seq = (C.seq << 3) | (code); C.tail = (C.tail << 3) | (code); C.logn++; C.tailn++;
#endif
}

/* An end over the version that is served; sealed already is as good. Takes the sealed copy along. */
inline SEAL() {
  d_step {
    if
    :: IS_SERVED && C.st == LIVE -> apply_write(SEALED, 4); C.st = ENDED; o = OK
    :: IS_SERVED && C.st == ENDED -> o = OK
    :: else -> o = NOT_THERE
    fi;
    if :: o == OK -> copy_over(c, C); forget_header() :: else fi
  }
}

/* The copy as the flusher takes it. */
inline CLAIM() {
  d_step {
    if
    :: IS_SERVED -> copy_over(c, C); forget_header(); o = OK
    :: IS_UNVERIFIED -> o = BEGUN
    :: else -> C.dirty = 0; o = NOT_THERE
    fi
  }
}
#ifdef METADATA
inline forget_header() { c.epoch = 0; c.tok = 0; c.tgen = 0; c.dirty = 0; c.md = 0; c.mv = 0 }
#else
inline forget_header() { c.epoch = 0; c.tok = 0; c.tgen = 0; c.dirty = 0 }
#endif

/* The store has the claimed version, and its log up to that. */
inline ACK() {
  d_step {
    if
    :: C.st != NONE && C.lin == c.lin ->
#ifdef LOG
#ifdef TRIM_ALL
         C.tail = 0; C.tailn = 0;
#else
         n = C.logn - C.tailn;                       /* entries before the tail */
         if
         :: c.logn > n -> C.tailn = C.tailn - (c.logn - n); C.tail = C.tail & ((1 << (3 * C.tailn)) - 1)
         :: else
         fi;
         n = 0;
#endif
#endif
#if !defined(SPLIT_INDEX) && !defined(SPLIT_COND)
         if :: C.rev == c.rev -> C.dirty = 0 :: else fi
#else
         skip
#endif
    :: else
    fi;
    clear_copy(c)
  }
}

/* Marks a clean copy that has all of the row, which was read before, and more. */
inline REINDEX(lineage, revision) {
  d_step {
    if
    :: IS_SERVED && C.rev > revision && HOLDS_ROW(C, lineage, revision) -> C.dirty = 1
    :: else
    fi
  }
}

#ifdef METADATA
/* The store has this metadata. Without a copy a load under way loses its token: its row may be older. */
inline FOLLOW_METADATA() {
  d_step {
    if :: C.st == NONE -> C.tok = 0; C.tgen = 0 :: else -> TAKE_METADATA fi;
    FORGET_METADATA
  }
}
#endif

/* A newer fence for a lineage that is still served. A load that is under way has drawn that fence, or one below it, so
 * it may not install any more: a fence has one holder. */
inline ADOPT() {
  d_step {
#ifdef NO_ADOPT
    o = OTHER;
#else
    if
    :: IS_SERVED && C.lin == c.lin ->
         if :: C.fen < f_fen -> C.fen = f_fen :: else fi;
#ifndef ADOPT_KEEPS_TOKEN
         C.tok = 0; C.tgen = 0;
#endif
         o = OK
    :: else -> o = OTHER
    fi;
#endif
    f_fen = 0; clear_copy(c)
  }
}

/* A forked copy gives way to the freshly fenced row. */
inline RESET() {
  d_step {
    if
    :: C.st != NONE && C.lin == c.lin && !HOLDS_ROW(C, l_lin, l_rev) ->
         assert(!I3 || lost);                        /* without a loss of Redis there is no fork */
         place_row()
    :: else
    fi;
    l_st = 0; l_lin = 0; l_rev = 0; l_fen = 0; l_mask = 0; l_wids = 0; FORGET_METADATA;
#ifdef LOG
    l_seq = 0; l_logn = 0;
#endif
    clear_copy(c)
  }
}

/* Copy, header, tail, mark and pending token go. */
inline EVICT() { d_step { clear_copy(C) } }
