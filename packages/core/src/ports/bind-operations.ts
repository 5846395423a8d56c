type Operation<Method, Context> = Method extends (...args: infer Arguments) => infer Reply
  ? (context: Context, ...args: Arguments) => Reply | Awaited<Reply>
  : never;

/** A port as an adapter writes it: each operation a function that also takes what the adapter works with. */
export type Operations<Port, Context> = { readonly [Name in keyof Port]: Operation<Port[Name], Context> };

/**
 * The port, made of its operations. Every call asks for the context anew.
 * @param context returns what the operations work with, or throws; the call then rejects
 */
export function bindOperations<Port extends object, Context>(
  context: () => Context,
  operations: Operations<Port, Context>,
): Port {
  const bound = Object.entries<(context: Context, ...args: unknown[]) => unknown>(operations).map(
    ([name, operation]) => [name, async (...args: unknown[]) => operation(context(), ...args)],
  );
  return Object.fromEntries(bound) as Port;
}
