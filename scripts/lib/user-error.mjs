/** Something the user can mend: one sentence that says what to do, shown without a stack. */
export class UserError extends Error {
  /** @override */
  name = "UserError";
}

/**
 * Runs a script to its end and sets the exit code.
 * @param {() => Promise<number | undefined>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof UserError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
