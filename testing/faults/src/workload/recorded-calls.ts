import type { GameService, WriteKind } from "../system/system.js";
import type { Entry, Journal, Operation } from "./journal.js";
import { type Reply, recordCall } from "./record-call.js";

/** The calls that clients make, each to a server by its number, and each recorded in the journal. None throws. */
export class RecordedCalls {
  readonly #journal: Journal;
  readonly #sites: readonly { readonly service: GameService }[];

  constructor(journal: Journal, sites: readonly { readonly service: GameService }[]) {
    this.#journal = journal;
    this.#sites = sites;
  }

  create(site: number, gameId: string): Promise<Entry> {
    const writeId = `create-${gameId.slice(0, 8)}`;
    const make = async (on: GameService) => {
      await on.create(gameId, writeId);
      return { level: "durable" as const };
    };
    return this.#call("create", site, gameId, make, writeId);
  }

  write(site: number, gameId: string, writeId: string, kind: WriteKind, bytes?: number): Promise<Entry> {
    const make = async (on: GameService) => ({ level: await on.write(gameId, writeId, kind, bytes) });
    return this.#call("write", site, gameId, make, writeId);
  }

  read(site: number, gameId: string): Promise<Entry> {
    return this.#call("read", site, gameId, async (on) => ({ seen: await on.read(gameId) }));
  }

  end(site: number, gameId: string): Promise<Entry> {
    return this.#call("end", site, gameId, async (on) => {
      await on.end(gameId);
      return {};
    });
  }

  remove(site: number, gameId: string): Promise<Entry> {
    return this.#call("delete", site, gameId, async (on) => ({ refused: !(await on.remove(gameId)) }));
  }

  recover(site: number): Promise<Entry> {
    return this.#call("recover", site, "", async (on) => {
      await on.recover();
      return {};
    });
  }

  #call(
    op: Operation,
    site: number,
    gameId: string,
    make: (on: GameService) => Promise<Reply>,
    writeId?: string,
  ): Promise<Entry> {
    const service = this.#sites[site]?.service;
    if (service === undefined) throw new RangeError(`there is no server ${site}`);
    return recordCall(this.#journal, { op, service: site, gameId, writeId }, () => make(service));
  }
}
