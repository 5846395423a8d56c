import { readFileSync } from "node:fs";
import { root } from "../lib/paths.mjs";
import { sourceFiles } from "./source-files.mjs";

/**
 * One word, one meaning, and where the field has a word, that one. Each of these words was used here once for something
 * that the field calls otherwise: the second column says what to write.
 */
const instead = /** @type {const} */ ([
  ["companions?|metadata key|metadata_key|metadata hash(?:es)?", "header"],
  ["stamps?|stamped", "epoch (of a history of Redis), timestamp"],
  ["suspects?", "unverified"],
  ["bury|buried|buries|burials?|entomb(?:ed)?", "evict (a copy), mark deleted, mark archived (a row)"],
  ["remark(?:ed|s)?", "reindex"],
  ["stillTakes|still-takes", "canStore"],
  ["(?<!all )settled?|settles|settling|unsettled", "apply the outcome, commit, finish, resolve"],
  ["wish(?:es|ed)?", "options, request"],
  ["verbs?", "operation"],
  ["hot games?|hot-games?|HotGames?|own cop(?:y|ies)", "local copy"],
  ["judge[sd]?|judging|judgements?", "checker, check, classify"],
  ["rooms?", "package, folder, capacity"],
  ["houses?", "package, module, layer"],
  ["told", "reported, known"],
  ["whoever", "any process, the caller, users"],
  ["somebody", "another process, a player"],
  ["set(?:s|ting)? aside", "quarantine"],
  ["notPlayable", "the error's own name"],
]);

const sources = /\.(ts|tsx|mts|mjs|cjs|js|lua|sql|css|html|md|ya?ml|pml)$/;
/** What is shown to players is written for players, and a card may bear any name. */
const ownLanguage = /^(scripts\/checks\/words\.mjs|packages\/card-rules\/src\/cards\/|apps\/server\/client\/)/;

const patterns = instead.map(([words, say]) => ({
  say,
  pattern: new RegExp(`(?<![A-Za-z])(?:${words})(?![a-z])`, "i"),
}));

/** The private words of a line, with what to say instead. @type {(line: string) => string[]} */
function privateWords(line) {
  const spaced = line.replace(/([a-z])([A-Z])/g, "$1 $2");
  return patterns.flatMap(({ pattern, say }) => {
    const [word] = line.match(pattern) ?? spaced.match(pattern) ?? [];
    return word === undefined ? [] : [`“${word}”: say ${say}`];
  });
}

/** No private word where the field has a term. */
export async function words() {
  const found = sourceFiles()
    .filter((file) => sources.test(file) && !ownLanguage.test(file))
    .flatMap((file) => {
      const lines = readFileSync(`${root}/${file}`, "utf8").split("\n");
      const paths = privateWords(file.replaceAll("/", " ")).map((problem) => `${file}  ${problem}`);
      return [
        ...paths,
        ...lines.flatMap((line, index) => privateWords(line).map((problem) => `${file}:${index + 1}  ${problem}`)),
      ];
    });
  if (found.length > 0) throw new Error(`${found.length} private words:\n${found.join("\n")}`);
}

/** Shows that the list is applied: each private word is found, and its neighbours are not. */
export async function wordsBite() {
  const missed = ["the companion", "isSuspect(copy)", "Whoever asks", "it was told", "two verbs", "set aside"].filter(
    (line) => privateWords(line).length !== 1,
  );
  const wrong = ["a timestamp", "adverbial", "wishbone", "untold", "the row", "headroom", "Promise.allSettled"].filter(
    (line) => privateWords(line).length > 0,
  );
  if (missed.length > 0 || wrong.length > 0) throw new Error(`not found: ${missed}; wrongly found: ${wrong}`);
}
