import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { type BuildResult, build } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { sampleGame, sampleIds } from "./card-game/testing/sample-game.js";

/** The package's main entry as a browser would get it, zod included. */
let bundle: BuildResult<{ write: false; metafile: true }>;

beforeAll(async () => {
  bundle = await build({
    entryPoints: [fileURLToPath(new URL("./index.ts", import.meta.url))],
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "turnkeep",
    write: false,
    metafile: true,
    logLevel: "silent",
    conditions: ["@turnkeep/source"],
  });
});

it("a browser bundle holds this package, its kernel and zod, and of these neither ports nor JSON Schema", () => {
  const sources = Object.keys(bundle.metafile.inputs);
  const expected = /(^|\/)game-state\/src\/(card-game|index)|(^|\/)core\/src\/(?!ports|runtime\/virtual)|\/zod\//;
  const foreign = sources.map((path) => resolve(path)).filter((path) => !expected.test(path));
  expect(foreign).toEqual([]);
  expect(sources.some((path) => path.endsWith("card-game/view-for.ts"))).toBe(true);
});

it("a browser bundle imports nothing, from Node or anywhere else", () => {
  const imports = Object.values(bundle.metafile.outputs).flatMap((output) => output.imports);
  expect(imports).toEqual([]);
  expect(bundle.outputFiles[0]?.text).not.toMatch(/["']node:/);
});

it("a browser bundle creates, encodes, decodes and shows a game, with what every browser has", () => {
  const browser = createContext({ TextEncoder, URL, input: JSON.stringify(sampleGame()), viewer: sampleIds.one });
  const seen: unknown = runInContext(
    `${bundle.outputFiles[0]?.text}
    const codec = turnkeep.createCodec(turnkeep.cardGame, { maxStateBytes: 100000 });
    const state = turnkeep.createGameState(JSON.parse(input));
    const encoded = codec.encodeState(state);
    const view = turnkeep.cardGame.viewFor(codec.decodeState(encoded.text), { playerId: viewer });
    JSON.stringify({ type: typeof Buffer, bytes: encoded.bytes, text: encoded.text.length, view: view.viewerId });`,
    browser,
  );
  const { type, bytes, text, view } = JSON.parse(String(seen));
  expect({ type, view }).toEqual({ type: "undefined", view: sampleIds.one });
  expect(bytes).toBe(text);
});
