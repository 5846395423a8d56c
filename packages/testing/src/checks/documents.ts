import { createCodec, type GameDefinition } from "@turnkeep/core";
import { difference, kept } from "../play/kept.js";
import { messageOf } from "./check.js";
import { maxStateBytes } from "./keepable.js";

export interface OldStates<State> {
  /** The documents, brought up to date. */
  readonly states: readonly State[];
  /** What is wrong with them, or with the upcasters. */
  readonly faults: readonly string[];
}

/** Reads one document of each schema version that may still be stored, as a server would. */
export function readDocuments<State extends object, View>(
  game: GameDefinition<State, View>,
  documents: Readonly<Record<number, object>> = {},
): OldStates<State> {
  const codec = createCodec(game, { maxStateBytes });
  const states: State[] = [];
  const faults: string[] = [];
  for (let version = game.oldestSchemaVersion; version <= game.schemaVersion; version++) {
    const document = documents[version];
    if (document === undefined) {
      if (version < game.schemaVersion) faults.push(`documents has none of version ${version}, which may be stored`);
      continue;
    }
    const found = game.schemaVersionOf(kept(document) as Record<string, unknown>);
    if (found !== version) faults.push(`documents[${version}] is of schema version ${found}`);
    try {
      const state = codec.decodeState(JSON.stringify(document));
      const other = difference(state, codec.decodeState(JSON.stringify(document)));
      if (other === null) states.push(state);
      else faults.push(`the upcasters give two states for documents[${version}]: ${other}`);
    } catch (error) {
      faults.push(`the upcasters make nothing sound of documents[${version}]: ${messageOf(error)}`);
    }
  }
  return { states, faults };
}
