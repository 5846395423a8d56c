import { interceptAll, type Operation } from "./intercept.js";

/** Before or after one call of a port, such as `before cache.write`. */
export type Step<Side extends string, Port> = `${"before" | "after"} ${Side}.${Operation<Port> & string}`;

/**
 * The port, with every call reported before it is made and after it has returned. A call waits for `onStep`, and fails
 * with what `onStep` throws. A call that fails reports no `after`.
 * @param side what the steps call the port, such as `cache` or `store`
 */
export function withSteps<Side extends string, Port extends object>(
  port: Port,
  side: Side,
  onStep: (step: Step<Side, Port>) => void | Promise<void>,
): Port {
  return interceptAll(port, async (operation, call) => {
    const name = `${side}.${operation as Operation<Port> & string}` as const;
    await onStep(`before ${name}`);
    const reply = await call();
    await onStep(`after ${name}`);
    return reply;
  });
}
