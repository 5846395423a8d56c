import {
  type Fence,
  type GameId,
  lineageOf,
  type Outcome,
  revisionOf,
  TurnkeepError,
  type Version,
} from "@turnkeep/core";
import type {
  ActiveGame,
  Cache,
  CacheCallOptions,
  Change,
  ClaimReply,
  ClaimRequest,
  DirtyBacklog,
  InstallReply,
  ReadReply,
  SealRequest,
  UnflushedCopy,
  Unsubscribe,
  WriteReply,
  WriteRequest,
} from "@turnkeep/core/ports";
import { unavailable } from "./errors.js";
import { claimGame } from "./flusher-calls.js";
import { isCluster } from "./open-client.js";
import type { Settings } from "./options.js";
import { asReply, textAt, toInstallReply, toReadReply, toWriteReply } from "./replies.js";
import { copyKeys, rowArguments, writeArguments } from "./requests.js";
import { type Running, startRunning } from "./running.js";
import { type ScanPage, scanGames } from "./scan-games.js";

/**
 * The cache port on Redis: one script an operation. The states are `idle –start→ running –close→ idle`; a start that fails
 * leaves it idle, and a second start while running changes nothing.
 */
export class RedisCache implements Cache {
  private running: Running | undefined;
  private starting: Promise<void> | undefined;

  constructor(private readonly settings: Settings) {}

  get detectsFailover(): boolean {
    return this.running?.detectsFailover ?? false;
  }

  start(): Promise<void> {
    this.starting ??= this.open();
    return this.starting;
  }

  async close(): Promise<void> {
    await this.starting?.catch(() => undefined);
    const { running } = this;
    this.running = undefined;
    this.starting = undefined;
    if (running === undefined) return;
    await Promise.all([running.commands.close(), running.flusher.close(), running.subscriptions.close()]);
  }

  async ping({ signal }: CacheCallOptions = {}): Promise<void> {
    await this.use().commands.call((client) => client.ping(), signal);
  }

  async read(
    gameId: GameId,
    { known, token }: { known?: Version | undefined; token?: string | undefined } = {},
    { signal }: CacheCallOptions = {},
  ): Promise<ReadReply> {
    const { run, keyring } = this.use();
    const { state, metadata, tail } = keyring.of(gameId);
    const args = [known ?? "", token ?? "", this.settings.tokenTtlMs];
    return toReadReply(gameId, await run("read", [state, metadata, tail], args, signal), Boolean(token));
  }

  async install(
    gameId: GameId,
    token: string,
    row: ActiveGame,
    { signal }: CacheCallOptions = {},
  ): Promise<InstallReply> {
    const { run, keyring, flusherCalls } = this.use();
    const keys = keyring.of(gameId);
    const args = [gameId, token, this.settings.ttlMs, ...rowArguments(row)];
    const reply = toInstallReply(await run("install", copyKeys(keys), args, signal));
    // A copy that was kept may be dirty, and is due now then.
    if (reply.kind === "ok" && reply.keptUnverified) flusherCalls.noteDirty(keys.index, 0);
    return reply;
  }

  write(gameId: GameId, request: WriteRequest, options?: CacheCallOptions): Promise<WriteReply> {
    return this.apply("write", gameId, request, null, options);
  }

  seal(gameId: GameId, request: SealRequest, options?: CacheCallOptions): Promise<WriteReply> {
    return this.apply("seal", gameId, request, request.outcome, options);
  }

  async claim(request: ClaimRequest, { signal }: CacheCallOptions = {}): Promise<ClaimReply> {
    return await this.use().flusherCalls.claim(request, signal);
  }

  async claimGame(
    gameId: GameId,
    { onlyDirty = false }: { onlyDirty?: boolean } = {},
    { signal }: CacheCallOptions = {},
  ): Promise<UnflushedCopy | null> {
    const { runBehind, keyring } = this.use();
    const game = await claimGame(runBehind, keyring, gameId, onlyDirty, signal);
    return typeof game === "string" ? null : game;
  }

  async ack(
    gameId: GameId,
    version: Version,
    logCount: number,
    { signal }: CacheCallOptions = {},
  ): Promise<"ok" | "newer"> {
    const { runBehind, keyring } = this.use();
    const args = [gameId, lineageOf(version), revisionOf(version), logCount, this.settings.ttlMs];
    const reply = asReply(await runBehind("ack", copyKeys(keyring.of(gameId)), args, signal));
    return textAt(reply, 0) === "OK" ? "ok" : "newer";
  }

  async adopt(
    gameId: GameId,
    lineage: string,
    fence: Fence,
    { signal }: CacheCallOptions = {},
  ): Promise<Version | null> {
    const { runBehind, keyring } = this.use();
    const { state, metadata } = keyring.of(gameId);
    const reply = asReply(await runBehind("adopt", [state, metadata], [lineage, fence], signal));
    return textAt(reply, 0) === "OK" ? (textAt(reply, 1) as Version) : null;
  }

  async reset(
    gameId: GameId,
    forkedLineage: string,
    row: ActiveGame,
    { signal }: CacheCallOptions = {},
  ): Promise<boolean> {
    const { runBehind, keyring, publish } = this.use();
    const keys = keyring.of(gameId);
    const args = [gameId, forkedLineage, this.settings.ttlMs, keys.channel, publish, ...rowArguments(row)];
    return textAt(asReply(await runBehind("reset", copyKeys(keys), args, signal)), 0) === "OK";
  }

  async evict(
    gameId: GameId,
    version?: Version,
    { signal }: CacheCallOptions = {},
  ): Promise<"ok" | "absent" | "newer"> {
    const { run, keyring, publish } = this.use();
    const keys = keyring.of(gameId);
    const reply = asReply(await run("evict", copyKeys(keys), [gameId, version ?? "", keys.channel, publish], signal));
    const name = textAt(reply, 0);
    return name === "OK" ? "ok" : name === "NEWER" ? "newer" : "absent";
  }

  async exists(gameId: GameId, { signal }: CacheCallOptions = {}): Promise<boolean> {
    const { commands, keyring } = this.use();
    const { state } = keyring.of(gameId);
    return (await commands.call((client) => client.exists(state), signal)) === 1;
  }

  async scan(request: { cursor: string | null; limit: number }, { signal }: CacheCallOptions = {}): Promise<ScanPage> {
    const { flusher, keyring } = this.use();
    return await scanGames(flusher, keyring, request, signal);
  }

  async reindex(gameIds: readonly GameId[], { signal }: CacheCallOptions = {}): Promise<readonly GameId[]> {
    const { runBehind, keyring, flusherCalls } = this.use();
    const marked = await Promise.all(
      gameIds.map(async (gameId) => {
        const { state, metadata, index } = keyring.of(gameId);
        const reply = asReply(await runBehind("reindex", [state, metadata, index], [gameId], signal));
        if (textAt(reply, 0) !== "MARKED") return [];
        flusherCalls.noteDirty(index, 0);
        return [gameId];
      }),
    );
    return marked.flat();
  }

  async backlog({ signal }: CacheCallOptions = {}): Promise<DirtyBacklog> {
    return await this.use().flusherCalls.backlog(signal);
  }

  async now({ signal }: CacheCallOptions = {}): Promise<number> {
    const { commands } = this.use();
    const [seconds = 0, micros = 0] = await commands.call(async (client) => {
      const node = isCluster(client) ? client.nodes("master")[0] : client;
      if (node === undefined) throw unavailable("no master of the Cluster is known", "notDone");
      return node.time();
    }, signal);
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  async subscribe(gameId: GameId, onChange: (change: Change) => void, onGap: () => void): Promise<Unsubscribe> {
    const { subscriptions, keyring } = this.use();
    return await subscriptions.subscribe(keyring.of(gameId).channel, onChange, onGap);
  }

  private async open(): Promise<void> {
    try {
      this.running = await startRunning(this.settings);
    } catch (error) {
      this.starting = undefined;
      throw error;
    }
    if (this.running.detectsFailover) return;
    this.settings.onWarning?.("scripts cannot read Redis's replication id: only durable writes survive a failover");
  }

  private async apply(
    operation: "write" | "seal",
    gameId: GameId,
    request: WriteRequest,
    outcome: Outcome | null,
    { signal }: CacheCallOptions = {},
  ): Promise<WriteReply> {
    const { run, keyring, flusherCalls, publish } = this.use();
    const keys = keyring.of(gameId);
    const bound = flusherCalls.bound(request.maxDirtyGames);
    const args = writeArguments(gameId, request, outcome, bound, [keys.channel, publish]);
    const reply = toWriteReply(await run(operation, copyKeys(keys), args, signal));
    if (reply.kind === "ok") flusherCalls.noteDirty(keys.index, request.flushWithinMs);
    return reply;
  }

  private use(): Running {
    if (this.running !== undefined) return this.running;
    throw new TurnkeepError("NotRunning", "the cache is used before start() or after close()", {});
  }
}
