/**
 * How long a test waits for something that is sure to come. A test that passes never takes so long. One that fails can
 * still say what it waited for, since this is less than the time of a test.
 */
export const patienceMs = 90_000;
