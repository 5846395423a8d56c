/* One game in Redis, which is primary, and in Postgres, which is durable: see ../README.md.
 * Every Redis script and every Postgres statement or transaction is one atomic step; between two of them anything may
 * happen that the run's configuration allows. spin tries all of it. */
#include "settings.pml"
#ifdef NAIVE
#include "naive.pml"
#else
#include "stores.pml"
#include "scripts.pml"
#include "statements.pml"
#include "processes.pml"
#include "faults.pml"
#include "invariants.pml"

/* Clients of the second side: the same as the first while there is one master. */
#ifdef SPLIT
#define OTHER_SIDE 1
#else
#define OTHER_SIDE 0
#endif

init {
  atomic {
#ifdef CREATOR
    p_st = NONE; p_lin = 0; p_rev = 0; p_fen = 0;
    run Creator(0);
#else
    redis[0].st = LIVE; redis[0].lin = 1; redis[0].rev = 1; redis[0].fen = 1; redis[0].brev = 1; redis[0].epoch = 1;
#endif
    gen[0] = 1;
    run WriterA(0);
#ifndef NOB
    run WriterB(OTHER_SIDE);
#endif
#ifndef NOR
    run Reader(OTHER_SIDE, 3);
#endif
#ifndef NOREC
#ifdef BLIND_RECOVER
    run Blind(0);
#else
    run Reader(0, 4);
#endif
#ifdef TWOREC
    run Reader(0, 8);
#endif
#endif
#if NARCH >= 1
    run Archiver(0, 6);
#endif
#if NARCH >= 2
    run Archiver(OTHER_SIDE, 7);
#endif
#ifdef DELETER
    run Deleter(0);
    run Sweeper(0);
#endif
#ifdef METADATA
    run Namer(0, 10, 1);
    run Namer(0, 11, 2);
#endif
#ifdef QUARANTINER
    run Quarantiner(0);
#endif
    run Flusher(0, 5);
#ifdef SPLIT
    run Flusher(1, 9);
    run Split();
#else
    run RedisFault(0);
#endif
#ifdef STORE_REWIND
    run StoreFault(0);
#if defined(COMPARE) && !defined(NO_COMPARE)
    run Comparer(0);
#endif
#endif
    run Monitor(OTHER_SIDE)
  }
}
#endif
