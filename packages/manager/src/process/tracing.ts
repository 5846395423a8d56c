import { isCanonicalUuid, isTurnkeepError } from "@turnkeep/core";
import type { Batcher } from "./batcher.js";

type Attributes = Readonly<Record<string, string | number>>;

interface Span {
  setAttribute(name: string, value: string): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): unknown;
}

interface Tracer {
  startActiveSpan<T>(name: string, options: { kind?: number; attributes?: Attributes }, run: (span: Span) => T): T;
}

/** What is used of `trace` of `@opentelemetry/api`, which fits in any version 1; so the manager itself needs it not. */
export interface TraceApi {
  getTracer(name: string): Tracer;
  getActiveSpan(): Span | undefined;
}

/** Where spans go, and what they say of cache and store. */
export interface TracingOptions {
  /** `trace` of `@opentelemetry/api`. Spans find their parents by its context manager. */
  readonly trace: TraceApi;
  /** Attributes of each span of the cache, such as `db.namespace`. @default { "db.system.name": "redis" } */
  readonly cache?: Attributes | undefined;
  /** Attributes of each span of the store. @default { "db.system.name": "postgresql" } */
  readonly store?: Attributes | undefined;
}

/** Members of ports that wait for nothing, or, as `ack`, that no caller waits for. */
const unwaited = new Set<PropertyKey>(["ack", "subscribe", "afterCommit", "rootOf"]);
// As the API numbers them; its constants would have to be imported.
const clientKind = 2;
const errorStatus = 2;

/**
 * A span for each call about one game, and below it one for each call of cache and store that it waits for, named as the
 * semantic conventions for databases have it. No attribute holds a player, a state or a message.
 *
 * What goes on by itself (flushes, claims, sweeps) has no spans: they would be many, and of no action. A flush that an
 * action waits for is the action's, from being handed over until it is answered, whichever batch it went in.
 */
export class Tracing {
  readonly #trace: TraceApi;
  readonly #tracer: Tracer;
  readonly #ofCache: Attributes;
  readonly #ofStore: Attributes;
  /** Spans of calls under way. */
  readonly #underWay = new Set<Span>();

  constructor({ trace, cache = {}, store = {} }: TracingOptions) {
    this.#trace = trace;
    this.#tracer = trace.getTracer("@turnkeep/manager");
    this.#ofCache = { "db.system.name": "redis", ...cache };
    this.#ofStore = { "db.system.name": "postgresql", ...store };
  }

  /** The same manager, with a span for each of these calls. */
  manager<Manager extends object>(manager: Manager, calls: readonly (keyof Manager & string)[]): Manager {
    const traced = calls.map((name) => {
      const call = manager[name] as (...args: unknown[]) => Promise<unknown>;
      return [name, (...args: unknown[]) => this.#call(`turnkeep.${name}`, args[0], () => call(...args))];
    });
    return Object.freeze({ ...manager, ...Object.fromEntries(traced) });
  }

  cache<Cache extends object>(cache: Cache): Cache {
    return this.#port(cache, this.#ofCache);
  }

  store<Store extends object>(store: Store): Store {
    return this.#port(store, this.#ofStore);
  }

  batcher(batcher: Pick<Batcher, "flush" | "games">): Pick<Batcher, "flush" | "games"> {
    return {
      get games() {
        return batcher.games;
      },
      flush: (...args) => this.#wait("flush", this.#ofStore, () => batcher.flush(...args)),
    };
  }

  #port<Port extends object>(port: Port, attributes: Attributes): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function" || typeof name === "symbol" || unwaited.has(name)) return member;
        return (...args: unknown[]) =>
          this.#wait(name, attributes, async () => (member as (...args: unknown[]) => unknown).apply(target, args));
      },
    });
  }

  #call<T>(name: string, first: unknown, work: () => Promise<T>): Promise<T> {
    const attributes = isCanonicalUuid(first) ? { "turnkeep.game.id": first } : {};
    return this.#span(name, { attributes }, async (span) => {
      this.#underWay.add(span);
      try {
        return await work();
      } finally {
        this.#underWay.delete(span);
      }
    });
  }

  /** A span below that of the call under way that asks for it; none where nobody does. */
  #wait<T>(operation: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
    const asking = this.#trace.getActiveSpan();
    if (asking === undefined || !this.#underWay.has(asking)) return work();
    const summary = `${operation} games`;
    const own = { "db.operation.name": operation, "db.query.summary": summary };
    return this.#span(summary, { kind: clientKind, attributes: { ...attributes, ...own } }, work);
  }

  #span<T>(
    name: string,
    options: { kind?: number; attributes: Attributes },
    work: (span: Span) => Promise<T>,
  ): Promise<T> {
    return this.#tracer.startActiveSpan(name, options, async (span) => {
      try {
        return await work(span);
      } catch (error) {
        const code = isTurnkeepError(error) ? error.code : "_OTHER";
        span.setAttribute("error.type", code);
        span.setStatus({ code: errorStatus, message: code });
        throw error;
      } finally {
        span.end();
      }
    });
  }
}
