/** The calls of a port that a wrapper may stand between: all that answer later. */
export type Operation<Port> = {
  [K in keyof Port]: Port[K] extends (...args: never[]) => Promise<unknown> ? K : never;
}[keyof Port];

/** What happens instead of a call of this member; `call` makes the real one, with the same arguments. */
export type Interceptor<Member> = Member extends (...args: infer Args) => Promise<infer Reply>
  ? (call: () => Promise<Reply>, ...args: Args) => Promise<Reply>
  : never;

export type Interceptors<Port> = { readonly [K in Operation<Port>]?: Interceptor<Port[K]> };

/** What happens instead of any call; `call` makes the real one. */
export type Around<Port> = (operation: Operation<Port>, call: () => Promise<unknown>) => Promise<unknown>;

/** What disturbs a running adapter leaves its start and end alone, and what answers at once. */
const undisturbed = new Set<PropertyKey>(["start", "belongTo", "close", "afterCommit", "rootOf"]);

/**
 * The same port, with something else in place of the named operations. Everything else is the port's own.
 * @example
 * intercept(cache, { read: async (call, gameId) => (gameId === lost ? { kind: "miss" } : call()) })
 */
export function intercept<Port extends object>(port: Port, interceptors: Interceptors<Port>): Port {
  return proxied(port, (name) => Reflect.get(interceptors, name));
}

/** The same port, with something around every operation but `start` and `close`. */
export function interceptAll<Port extends object>(port: Port, around: Around<Port>): Port {
  return proxied(port, (name) => {
    if (undisturbed.has(name)) return undefined;
    return (call: () => Promise<unknown>) => around(name as Operation<Port>, call);
  });
}

function proxied<Port extends object>(port: Port, interceptorOf: (name: PropertyKey) => unknown): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const interceptor = interceptorOf(name);
      if (typeof interceptor !== "function") return member.bind(target);
      return (...args: unknown[]) =>
        Reflect.apply(interceptor, undefined, [async () => Reflect.apply(member, target, args), ...args]);
    },
  });
}
