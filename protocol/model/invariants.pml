/* What must hold when nothing is left to do. What must hold at every step stands with the steps. */
proctype Monitor(byte on) {
  timeout ->
  d_step {
    CHECK_DURABLE;
#ifdef COMPARE
    /* What Redis still had when the store was restored has been brought back; or is, at the copy's next load. */
    assert(!I1 || owed == 0 || IS_UNVERIFIED || was_gone);
#endif
#ifdef METADATA
    assert(!I1 || IS_UNVERIFIED || (metadata_acks & ~p_md) == 0);
    assert(!I1 || !IS_SERVED || (metadata_acks & ~C.md) == 0);
#endif
    /* I2: a game that is gone or quarantined is never served. An unverified copy is not served. */
    assert(!I2 || !((IS_GONE || p_st == ASIDE) && IS_SERVED && C.st == LIVE && UNDISTURBED));
    /* I4: an end that was acknowledged has its one history row. */
    assert(!I4 || !end_acked || (history == 1 && p_st == ARCHIVED));
    /* I5: what is served is in Postgres, and so is all that was acknowledged since Redis was lost. */
    assert(!I5 || !(IS_SERVED && C.st == LIVE && IS_ACTIVE && (C.mask & ~p_mask) != 0));
    assert(!I5 || !UNDISTURBED || was_gone || p_st == ASIDE || (acks & ~p_mask) == 0)
  }
}
