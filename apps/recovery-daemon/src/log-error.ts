interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/**
 * What the log keeps of an error. Only named fields: drivers hang statements, values and whole commands on theirs,
 * and those hold states.
 */
export function logError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: "something that is no error was thrown" };
  // A parser's message quotes the text that it could not read, and so does its stack.
  if (error instanceof SyntaxError) return { type: error.name, message: "a text could not be read" };
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const stack = error.stack === undefined ? {} : { stack: error.stack };
  const cause = error.cause === undefined ? {} : { cause: logError(error.cause) };
  return { type: error.name, message: error.message, ...code, ...stack, ...cause };
}
