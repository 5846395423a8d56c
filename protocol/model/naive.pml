/* What one would write first: blind SET, find-then-save, restore everything at boot, TTL on everything. It has no
 * flusher, no version, no fence. Each invariant must break on it, or this check could not tell. */
#define LIVE 1
#define ARCHIVED 3
#define A1 1
#define A2 2
#define B1 4
#define SEALED 8

byte r_st = LIVE, r_mask = 0;
byte p_st = LIVE, p_mask = 0, history = 0;
byte durable_acks = 0, acks = 0;
bool end_acked = 0;

#define CHECK_DURABLE assert(!I1 || (durable_acks & ~p_mask) == 0)

/* GET; else SELECT and SET. `found`: whether there was a state, then in m. */
inline load() {
  atomic { if :: r_st == LIVE -> m = r_mask; found = 1 :: else -> found = 0 fi };
  if
  :: found -> skip
  :: else ->
     atomic { if :: p_st == LIVE -> m = p_mask; found = 1 :: else fi };
     if :: found -> save(m) :: else fi
  fi
}
inline save(content) {
  atomic {
    assert(!I2 || p_st != ARCHIVED);
    assert(!I3 || r_st != LIVE || (r_mask & ~(content)) == 0);
    r_st = LIVE; r_mask = content
  }
}
/* SELECT, then INSERT or UPDATE. */
inline persist(content) {
  atomic {
    if :: p_st == ARCHIVED -> assert(!I2); p_st = LIVE :: else fi;
    assert(!I3 || (p_mask & ~(content)) == 0);
    p_mask = content; CHECK_DURABLE
  }
}

proctype WriterA() {
  byte m; bool found;
  load(); if :: found -> skip :: else -> goto out fi;
  save(m | A1); acks = acks | A1;
  load(); if :: found -> skip :: else -> goto out fi;
  save(m | A2); persist(m | A2);
  atomic { durable_acks = durable_acks | A2; acks = acks | A2; CHECK_DURABLE }
out: skip
}
proctype WriterB() {
  byte m; bool found;
  load(); if :: found -> skip :: else -> goto out fi;
  save(m | B1); persist(m | B1);
  atomic { durable_acks = durable_acks | B1; acks = acks | B1; CHECK_DURABLE }
out: skip
}
proctype Reader() { byte m; bool found; load() }
proctype Recoverer() { byte m; if :: p_st == LIVE -> m = p_mask; save(m) :: else fi }
proctype Archiver() {
  byte m; bool found;
  load(); if :: found -> skip :: else -> goto out fi;
  atomic {
    if
    :: history == 0 -> history++; p_st = ARCHIVED; p_mask = m | SEALED; CHECK_DURABLE
    :: else -> assert(!I4); goto out               /* history's primary key refuses */
    fi
  };
  atomic { r_st = 0; r_mask = 0 };
  end_acked = 1;
out: skip
}

proctype Monitor() {
  timeout ->
  atomic {
    CHECK_DURABLE;
    assert(!I2 || !(p_st == ARCHIVED && r_st == LIVE));
    assert(!I4 || !end_acked || (history == 1 && p_st == ARCHIVED));
    assert(!I5 || !(r_st == LIVE && p_st == LIVE && (r_mask & ~p_mask) != 0));
    assert(!I5 || (acks & ~p_mask) == 0)
  }
}

init {
  atomic {
    run WriterA(); run WriterB(); run Reader(); run Recoverer(); run Archiver(); run Archiver(); run Monitor()
  }
}
