/** What a log keeps of an error. */
export interface LoggedError {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/**
 * An error for the log: no further fields, which may hold rows or parameters, and no message of a parser, which
 * quotes the text that it could not read.
 */
export function logError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, message, stack = "", cause } = error;
  const quotes = error instanceof SyntaxError;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return {
    name,
    ...(code === undefined ? {} : { code }),
    ...(quotes ? {} : { message }),
    stack: frames.join("\n"),
    ...(cause === undefined ? {} : { cause: logError(cause) }),
  };
}
