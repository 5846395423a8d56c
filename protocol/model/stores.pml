/* The two stores, what is known about them, and the invariants that every step is held to.
 * What a state contains is a set of writes: A1 and A2 of writer A, B1 and B2 of writer B, SEAL. */
#define NONE 0             /* no copy; no row */
#define LIVE 1
#define ENDED 2
#define ARCHIVED 3         /* rows only, as all below */
#define DELETED 4
#define ASIDE 5            /* quarantined */

#define A1 1
#define A2 2
#define B1 4
#define SEALED 8
#define B2 16

/* ---- Redis: the copy with its header; one for each node that ever is a master ---- */
#ifdef LOG
#define LOG_FIELDS short seq; short tail; byte logn; byte tailn;
#else
#define LOG_FIELDS
#endif
#ifdef METADATA                /* the metadata beside the state: its version, and the changes of it that it contains */
#define METADATA_FIELDS byte md; byte mv;
#else
#define METADATA_FIELDS
#endif
typedef Copy {
  byte st; byte lin; byte rev; byte fen; byte blin; byte brev; byte mask; byte wids;
  byte epoch; byte tok; byte tgen; bool dirty;
  LOG_FIELDS
  METADATA_FIELDS
}
#ifdef SPLIT
Copy redis[2];
byte gen[2];               /* the replication id that each node has now */
byte at[2];                /* which node the clients of each side reach */
#define C redis[at[on]]
#define GEN gen[at[on]]
#else
Copy redis[1];
byte gen[1];
#define C redis[0]
#define GEN gen[0]
#endif
byte mark = 0;             /* SPLIT_COND: the score of an index that lies apart */

#ifdef NO_EPOCH
#define EPOCH_CURRENT 1
#else
#define EPOCH_CURRENT (C.epoch == GEN)
#endif
#define IS_SERVED (C.st != NONE && EPOCH_CURRENT)
#define IS_UNVERIFIED (C.st != NONE && !EPOCH_CURRENT)

/* ---- Postgres: the game's row, the clock that fences are drawn from, history, the log ---- */
byte p_st = LIVE, p_lin = 1, p_rev = 1, p_fen = 1, p_mask = 0, p_wids = 0, clock = 1, history = 0;
#ifdef LOG
short p_seq = 0; byte p_logn = 0; byte p_log[6];
#endif
#ifdef METADATA
byte p_md = 0, p_mv = 0;
byte metadata_acks = 0;    /* changes of it that were acknowledged: always durable */
#endif
#define IS_ACTIVE (p_st == LIVE || p_st == ENDED)
#define IS_GONE (p_st == ARCHIVED || p_st == DELETED)

/* ---- what an observer of all knows ---- */
byte durable_acks = 0;     /* writes acknowledged as durable */
byte acks = 0;             /* writes acknowledged at all since Redis was last lost */
bool lost = 0;             /* a declared loss of Redis, or a split, has happened */
bool end_acked = 0, delete_acked = 0, was_gone = 0;
bool undone = 0;           /* the tombstone is lost with the store's commits */
#ifdef LOSTREPLY
byte replies_lost = 0;
#endif
#ifdef SPLIT
bool split = 0;            /* two masters: only what is durable is promised */
#define UNDISTURBED 0
#define FLUSHER_HERE (at[on] == on)
#else
#define UNDISTURBED 1
#define FLUSHER_HERE 1
#endif
#if defined(STORE_REWIND) || defined(METADATA)
bool store_lost = 0;
#endif
#ifdef COMPARE
byte owed = 0;             /* acknowledged, lost by the store's restore, and kept by Redis: to be brought back */
#define OWED owed
#else
#define OWED 0
#endif
#ifdef METADATA
#define METADATA_OWED (store_lost && C.st != NONE && C.mv > p_mv)
#else
#define METADATA_OWED 0
#endif

#define HIGHER(l1, r1, l2, r2) ((l1) > (l2) || ((l1) == (l2) && (r1) > (r2)))
/* I1 at every step: the row, of whatever status, holds what was acknowledged as durable, or is still owed it. */
#define CHECK_DURABLE assert(!I1 || was_gone || (durable_acks & ~(p_mask | OWED)) == 0)

/* I2 at every step: nothing is served, written or installed of a game that is archived, or whose deletion has been
 * acknowledged. Two masters cannot know of each other. */
#ifdef SPLIT
#define CHECK_NOT_GONE skip
#else
#define CHECK_NOT_GONE assert(!I2 || !(p_st == ARCHIVED || (IS_GONE && delete_acked)))
#endif

inline clear_copy(x) {
  x.st = NONE; x.lin = 0; x.rev = 0; x.fen = 0; x.blin = 0; x.brev = 0; x.mask = 0; x.wids = 0;
  x.epoch = 0; x.tok = 0; x.tgen = 0; x.dirty = 0;
#ifdef LOG
  x.seq = 0; x.tail = 0; x.logn = 0; x.tailn = 0;
#endif
#ifdef METADATA
  x.md = 0; x.mv = 0;
#endif
}
inline copy_over(to, from) {
  to.st = from.st; to.lin = from.lin; to.rev = from.rev; to.fen = from.fen; to.blin = from.blin; to.brev = from.brev;
  to.mask = from.mask; to.wids = from.wids; to.epoch = from.epoch; to.tok = from.tok; to.tgen = from.tgen;
  to.dirty = from.dirty;
#ifdef LOG
  to.seq = from.seq; to.tail = from.tail; to.logn = from.logn; to.tailn = from.tailn;
#endif
#ifdef METADATA
  to.md = from.md; to.mv = from.mv;
#endif
}
