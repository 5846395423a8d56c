/* What a run may set on spin's command line, and what holds where it sets nothing.
 *
 * Roles    NOA1 NOA2 NOB NOR NOREC  without A's first write, A's second, writer B, the reader, the recoverer
 *          TWOREC NARCH=0..2 DELETER CREATOR QUARANTINER
 * Faults   CRASH_EMPTY=n    Redis comes back empty           CRASH_REWIND=n  Redis comes back with an older copy
 *          EXPIRE=n         a clean copy's time ends         MOVE=n          the slot moves, and back
 *          SPLIT            two masters; HEAL ends that      LOSTREPLY=n     answers to writes are lost
 *          STORE_REWIND     the store is restored from a backup
 *          LOSTACK          what a durable write acknowledges in Redis after its answer never arrives
 *          DIE_A DIE_B DIE_R DIE_F DIE_D  writer A, writer B, archiver, flusher, deleter may die between any two steps
 * More     COMPARE          after that the daemon's sweep compares Redis's copies with the rows
 *          YOUNG            the game was created since that backup
 *          LOG              the log of actions is kept beside the state
 *          METADATA         two changes of the metadata beside the state
 *          LOCAL            writer B keeps a local copy, and writes over it once more without a read; A writes A1 after that
 *          ONLY=1..5        only this invariant is asserted
 *
 * Left out, one mechanism each (a run that must break):
 *          NO_EPOCH NO_TOKEN NO_TOKGEN NO_FENCE NO_ADOPT NO_BASE ADOPT_KEEPS_TOKEN UPSERT SPLIT_INDEX SPLIT_COND
 *          TTL_DIRTY BLIND_RECOVER NO_TOMBSTONE EVICT_FIRST EVICT_UNSEEN FLUSH_QUARANTINED LOG_APART TRIM_ALL WIDLAST WIDLIST FENCE_RESTORED NO_COMPARE NO_RECREATE
 *          NO_MARK NO_METADATA_COMPARE FACTS_APART OWN_ENTRIES ACK_FIRST NAIVE
 */
#ifndef CRASH_EMPTY
#define CRASH_EMPTY 0
#endif
#ifndef CRASH_REWIND
#define CRASH_REWIND 0
#endif
#ifndef EXPIRE
#define EXPIRE 0
#endif
#ifndef MOVE
#define MOVE 0
#endif
#ifndef NARCH
#define NARCH 1
#endif
#ifndef TRIES
#define TRIES 2            /* how often a process tries anew before it gives up */
#endif
#ifndef ONLY
#define ONLY 0
#endif
#define I1 (ONLY == 0 || ONLY == 1)
#define I2 (ONLY == 0 || ONLY == 2)
#define I3 (ONLY == 0 || ONLY == 3)
#define I4 (ONLY == 0 || ONLY == 4)
#define I5 (ONLY == 0 || ONLY == 5)

/* A process may die where its locals are lost but for what the stores hold: one choice before the next step. */
#define MAY_DIE(label) if :: goto label :: skip fi
#ifdef DIE_A
#define A_MAY_DIE(label) MAY_DIE(label)
#else
#define A_MAY_DIE(label) skip
#endif
#ifdef DIE_B
#define B_MAY_DIE(label) MAY_DIE(label)
#else
#define B_MAY_DIE(label) skip
#endif
#ifdef DIE_R
#define R_MAY_DIE(label) MAY_DIE(label)
#else
#define R_MAY_DIE(label) skip
#endif
#ifdef DIE_D
#define D_MAY_DIE(label) MAY_DIE(label)
#else
#define D_MAY_DIE(label) skip
#endif
#ifdef DIE_F               /* the flusher begins again, without its locals, at most once */
#define F_MAY_DIE(label) if :: lives > 0 -> lives--; goto label :: skip fi
#else
#define F_MAY_DIE(label) skip
#endif
