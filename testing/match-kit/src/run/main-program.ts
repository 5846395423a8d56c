/** Fires at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once, and its programs with it. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort(new Error(`interrupted by ${name}`));
    });
  }
  return controller.signal;
}

export interface MainProgram<Options> {
  /** Shown in messages: "the demo". */
  readonly name: string;
  /** @throws Error that says which option is not sound */
  read(rawArgs: readonly string[]): Options;
  help(): string;
  /** True if all of it holds. */
  run(options: Options, signal: AbortSignal): Promise<boolean>;
}

/**
 * The process's exit status: 0 all true, or help was asked for; 1 something is not, or it could not be finished in its
 * time; 2 called in a wrong way.
 */
export async function runAsMain<Options extends { readonly help: boolean; readonly timeout: number }>(
  program: MainProgram<Options>,
): Promise<number> {
  let options: Options;
  try {
    options = program.read(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\nsee --help\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(program.help());
    return 0;
  }
  const timeout = AbortSignal.timeout(options.timeout * 1_000);
  // Children alone do not keep a process alive.
  const alive = setInterval(() => {}, 60_000);
  try {
    return (await program.run(options, AbortSignal.any([stopSignal(), timeout]))) ? 0 : 1;
  } catch (error) {
    const late = timeout.aborted ? `not done after ${options.timeout} s` : undefined;
    const why = late ?? (error instanceof Error ? error.message : error);
    process.stderr.write(`${program.name} could not be finished: ${why}\n`);
    return 1;
  } finally {
    clearInterval(alive);
  }
}
