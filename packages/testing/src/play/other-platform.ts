const hourMs = 3_600_000;

/**
 * Does the work while the platform's clocks and chance are other than they were: what depends on them comes out another
 * way. The work is synchronous, so nothing else sees the change.
 */
export function onOtherPlatform<T>(work: () => T): T {
  const { Date: realDate } = globalThis;
  const now = () => realDate.now() + hourMs;
  const laterDate = new Proxy(realDate, {
    construct: (target, given) => Reflect.construct(target, given.length === 0 ? [now()] : given),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
  const monotonicMs = performance.now.bind(performance);
  let drawn = 0;
  const undo = [
    replace(globalThis, "Date", laterDate),
    replace(performance, "now", () => monotonicMs() + hourMs),
    replace(Math, "random", () => 1 - ++drawn * 1e-9),
  ];
  try {
    return work();
  } finally {
    for (const restore of undo) restore();
  }
}

function replace(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}
