/**
 * How long a test waits for something that is sure to come. A right test never takes so long; a wrong one says what it
 * waited for, since this is less than its own time.
 */
export const patienceMs = 90_000;
