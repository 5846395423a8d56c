/* The processes: what servers and the daemon do, step by step as packages/manager does it. Each has its own token. */
#define HELD ROW_HELD; COPY_HELD; byte asked = 0

inline forget() { d_step { clear_copy(c); asked = 0; e_lin = 0; e_rev = 0; e_mask = 0; o = 0; f = 0; f_fen = 0; n = 0 } }
inline forget_row() { d_step { l_st = 0; l_lin = 0; l_rev = 0; l_fen = 0; l_mask = 0; l_wids = 0; FORGET_METADATA } }

/* The load of a game that READ did not find: the row with a fresh fence, then INSTALL; or EVICT, where it is gone. */
inline load(token) {
  LOAD();
  if
  :: l_st == LIVE || l_st == ENDED -> INSTALL(token)
  :: l_st == NONE -> o = NOT_THERE
  :: else -> EVICT(); forget_row(); o = OVER
  fi
}

/* Read, reduce, compare and set; again after a loss or a conflict. `o`: OK, or not. */
inline update(token, w, code) {
  n = 0;
  do
  :: n < TRIES ->
     READ(token);
     if
     :: o == OVER -> break
     :: o == BEGUN -> o = 0; load(token); if :: o == OVER -> break :: else fi
     :: o == HIT ->
        o = 0;
        WRITE(w, code);
        if
        :: o == OK ->
#ifdef LOSTREPLY
           if :: replies_lost < LOSTREPLY -> d_step { replies_lost++; o = CONFLICT; clear_copy(c) } :: break fi
#else
           break
#endif
        :: o == OVER -> break
        :: else
        fi
     fi;
     d_step { n++; o = 0 }
  :: else -> break
  od;
  n = 0
}

/* What follows from the store's answer to one copy. */
inline apply_outcome() {
  if
  :: f == WRITTEN || f == CONTAINED -> ACK()
  :: f == FENCE ->
#ifdef STORE_REWIND
     /* a row's fence below the copy's: the store has lost what it had committed, so a fresh one is drawn */
     if :: f_fen < c.fen -> LOAD(); d_step { f_fen = l_fen }; forget_row() :: else fi;
#endif
     ADOPT()
  :: f == FORK ->
     LOAD();
     if
     :: l_st == LIVE || l_st == ENDED -> RESET()
     :: l_st == NONE -> skip
     :: else -> EVICT(); forget_row()
     fi
  :: f == GONE || f == QUARANTINED -> EVICT()
#ifndef NO_RECREATE
  :: f == ORPHAN -> CLAIM(); if :: o == OK -> o = 0; RECREATE() :: else fi
#endif
  :: else                                            /* REMEMBERED: the copy stays as it is */
  fi
}

/* Acknowledges once the store has a state that contains this write. The first flush is of the copy that the write's answer
 * brought, or of a claimed one, where it brought none. The caller is answered from FLUSH on: the cache's ACK follows that,
 * and may be lost (LOSTACK); ACK_FIRST sends it before. */
inline make_durable(token, w) {
  asked = w;
  do
  :: n <= TRIES ->
     if :: c.st != NONE -> o = OK :: CLAIM() fi;
#ifdef ACK_FIRST
     d_step { if :: o == OK && C.st != NONE && C.lin == c.lin && C.rev == c.rev -> C.dirty = 0 :: else fi };
     A_MAY_DIE(out);
#endif
     if
     :: o == OK && (c.mask & (w)) ->
        o = 0;
        FLUSH();
        if
        :: f == FENCE || f == FORK || f == ORPHAN -> apply_outcome()
#ifdef LOSTACK
        :: f == WRITTEN || f == CONTAINED -> break
#endif
        :: else -> apply_outcome(); break
        fi
     :: o == OK && !(c.mask & (w)) ->                /* the copy has lost it: has the row? */
        d_step { if :: IS_ACTIVE && (p_mask & (w)) -> durable_acks = durable_acks | (w) :: else fi };
        break
     :: else -> break                                /* lost or unverified by now: the next caller loads it */
     fi;
     d_step { n++; o = 0; f = 0; e_lin = 0; e_rev = 0; clear_copy(c) }
  :: else -> break
  od
}

/* A1 is acknowledged when Redis has it, A2 and B1 when Postgres has. */
proctype WriterA(byte on) {
  HELD;
#ifndef NOA1
  update(1, A1, 1); if :: o == OK -> skip :: else -> goto out fi;
  forget(); A_MAY_DIE(out);
#endif
#ifndef NOA2
  update(1, A2, 2); if :: o == OK -> skip :: else -> goto out fi;
  A_MAY_DIE(out);
  make_durable(1, A2);
#endif
out: forget()
}
proctype WriterB(byte on) {
  HELD;
  update(2, B1, 3); if :: o == OK -> skip :: else -> goto out fi;
  B_MAY_DIE(out);
#ifdef LOCAL
  /* Its local copy is what it wrote; a restore may have come since. A write in vain is made again after a read. */
  WRITE(B2, 4);
  if :: o == OK -> skip :: else -> forget(); update(2, B2, 4); if :: o == OK -> skip :: else -> goto out fi fi;
  forget();
  make_durable(2, B2);
#else
  make_durable(2, B1);
#endif
out: forget()
}
/* A player who looks, or a recovery sweep: a load where there is no copy. */
proctype Reader(byte on; byte token) {
  HELD;
  d_step { if :: IS_SERVED && C.st == LIVE -> CHECK_NOT_GONE :: else fi };
  READ(token); if :: o == BEGUN -> o = 0; load(token) :: else fi;
  forget()
}
#ifdef BLIND_RECOVER
/* Reads every row, then sets every copy. */
proctype Blind(byte on) {
  ROW_HELD;
  d_step { l_st = p_st; l_lin = p_lin; l_rev = p_rev; l_fen = p_fen; l_mask = p_mask; l_wids = p_wids };
  if
  :: l_st == LIVE -> d_step {
       CHECK_NOT_GONE; assert(!I3 || C.st != LIVE || !HIGHER(C.lin, C.rev, l_lin, l_rev)); place_row() }
  :: else
  fi
}
#endif

/* Ends the game and brings it into history; what it cannot finish, another one or the daemon takes over. */
proctype Archiver(byte on; byte token) {
  HELD;
  do
  :: n < TRIES ->
     SEAL();
     if
     :: o == NOT_THERE -> READ(token); if :: o == BEGUN -> o = 0; load(token) :: else fi; if :: o == OVER -> skip :: else fi
     :: o == OK ->
        R_MAY_DIE(out);
        ARCHIVE();
        R_MAY_DIE(out);
        if
        :: f == WRITTEN -> EVICT(); end_acked = 1; break
        :: f == GONE -> d_step { if :: p_st == ARCHIVED -> end_acked = 1 :: else fi }; apply_outcome(); break
        :: f == FENCE || f == FORK -> apply_outcome()
        :: else -> apply_outcome(); break
        fi
     fi;
     n++
  :: else -> break
  od;
out: forget()
}

/* A copy without a row may be that of a game created since: the row is looked for again before the copy goes. */
proctype Deleter(byte on) {
  HELD;
#ifdef EVICT_FIRST
  EVICT(); D_MAY_DIE(out); REMOVE();
#else
  REMOVE();
  D_MAY_DIE(out);
#ifndef EVICT_UNSEEN
  if
  :: f == ORPHAN -> if :: C.st == NONE -> goto out :: else -> MARK_MISSING(); D_MAY_DIE(out) fi
  :: else
  fi;
#endif
  EVICT();
#endif
  delete_acked = was_gone && !undone;
out: forget()
}

/* The daemon looks for copies of games that are gone, which nobody has evicted. */
proctype Sweeper(byte on) {
end:
  C.st != NONE && IS_GONE -> EVICT(); goto end
}

/* A server that cannot read the document sets the game aside. */
proctype Quarantiner(byte on) {
  byte f = 0;
  QUARANTINE();
  D_MAY_DIE(out);
  EVICT();
out: skip
}

#ifdef METADATA
/* The copy's metadata, written again to a row that has older. */
inline restore_metadata() {
  d_step { if :: IS_SERVED -> l_md = C.md; l_mv = C.mv :: else fi };
  if
  :: l_mv == 0
  :: else -> SET_METADATA(0); if :: f == GONE -> FORGET_METADATA :: else -> FOLLOW_METADATA() fi
  fi;
  f = 0
}

/* Changes the metadata: reads it, and writes what it has read and its own change to the row, again where that has newer;
 * then to the copy. A change that is under way while the store is restored is not promised, nor what it was not made from
 * and only the copy has: it is written over a row that looks as old as what it was made from. */
proctype Namer(byte on; byte token; byte change) {
  HELD; bool before = 0;
  do
  :: n < TRIES ->
     READ(token);
     if
     :: o == BEGUN -> o = 0; load(token)
     :: o == HIT ->
        d_step {
          if :: IS_SERVED -> l_md = C.md; l_mv = C.mv; o = OK :: else -> o = NOT_THERE fi;
          before = store_lost };
        if
        :: o == OK ->
           SET_METADATA(change);
           d_step { if :: f == WRITTEN && before != store_lost -> metadata_acks = metadata_acks & p_md :: else fi };
           if
           :: f == GONE -> break
           :: f == FORK -> FOLLOW_METADATA()
           :: f == WRITTEN ->
              FOLLOW_METADATA();
              d_step {
                if :: before == store_lost -> metadata_acks = metadata_acks | change :: else fi };
              break
           fi
        :: else
        fi
     :: else -> break
     fi;
     d_step { n++; o = 0; f = 0; e_lin = 0; e_rev = 0; e_mask = 0 }
  :: else -> break
  od;
  forget_row(); forget(); before = 0
}
#endif

#ifdef COMPARE
/* The daemon's sweep, again and again: what is served is compared with the row, which was read before. */
proctype Comparer(byte on) {
  byte lin, rev;
#ifdef METADATA
  byte l_md = 0, l_mv = 0, f = 0;
#endif
end:
  if
  :: store_lost && IS_SERVED && !C.dirty && C.rev > p_rev ->
     d_step { lin = p_lin; rev = p_rev };
     REINDEX(lin, rev);
     d_step { lin = 0; rev = 0 }
#if defined(METADATA) && !defined(NO_METADATA_COMPARE)
  :: IS_SERVED && IS_ACTIVE && METADATA_OWED -> restore_metadata()
#endif
  fi;
  goto end
}
#endif

/* A creation whose answer is lost is tried again. */
proctype Creator(byte on) {
  byte f = 0;
  CREATE(); CREATE()
}

/* The write-behind: at work whenever a game is dirty. Every round ends in progress, or in another load's or write's. */
proctype Flusher(byte on; byte token) {
  HELD; byte lives = 1; byte seen = 0;
idle:
  forget(); seen = 0;
end:
  FLUSHER_HERE && C.dirty ->
  d_step { seen = mark };
  CLAIM();
  if
  :: o == NOT_THERE -> goto idle
  :: o == BEGUN -> READ(token); d_step { e_lin = 0; e_rev = 0 }; if :: o == BEGUN -> o = 0; load(token) :: else fi; goto idle
  :: else
  fi;
  o = 0;
  F_MAY_DIE(idle);
  FLUSH();
  F_MAY_DIE(idle);
#ifdef SPLIT_INDEX
  if :: f == WRITTEN || f == CONTAINED -> C.dirty = 0 :: else fi;          /* the mark goes, whatever came since */
#elif defined(SPLIT_COND)
  d_step { if :: (f == WRITTEN || f == CONTAINED) && mark == seen -> C.dirty = 0 :: else fi };
#endif
  apply_outcome();
#ifdef NO_RECREATE
  if :: f == ORPHAN -> goto out :: else fi;           /* else it would try for ever */
#endif
progress:
  goto idle;
out:
  skip
}
