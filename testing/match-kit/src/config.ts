/** Servers to use instead of a run's own. */
export interface GivenServers {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

/** The only reader of the environment here. An empty variable counts as absent. */
export function givenServers(): GivenServers {
  return {
    databaseUrl: process.env.DATABASE_URL || undefined,
    redisUrl: process.env.REDIS_URL || undefined,
  };
}

/** What programs that are started need of the environment: no settings of theirs, so that only given ones count. */
export function bareEnvironment(): Record<string, string> {
  const { PATH, HOME, TMPDIR } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
