import { type CardEndReason, defaultRules, type RulesConfig } from "@turnkeep/game-state";
import { illegalReasons } from "../check/illegal-reason.js";
import { markdownTable } from "./markdown-table.js";

const ruleTexts: Readonly<Record<keyof RulesConfig, string>> = {
  deckSize: "cards in a deck, exactly",
  maxCopies: "of one card in a deck, energies excepted",
  openingHandSize: "cards of the first hand",
  prizeCount: "prizes laid aside for each player",
  benchSize: "creatures on a bench, at most",
  handLimit: "cards in hand after one's turn, at most",
  turnLimit: "turns of both players together; after the last one the game ends",
  turnTimeMs: "time to act, in ms; `null` for no limit",
  onTimeOut: "what running out of time costs: `loseTurn` or `loseGame`",
  timeoutsAllowed: "times that it costs the turn alone; once more costs the game",
  venomDamage: "damage to a venomed creature between turns",
  scorchDamage: "damage to a scorched creature between turns",
  openAfterEnd: "whether all hands are open once the game is over",
};

const endTexts: Readonly<Record<CardEndReason, string>> = {
  prizesTaken: "who has taken their last prize wins",
  noCreaturesLeft: "who has no creature in play loses",
  deckEmpty: "who has to draw from an empty deck loses",
  conceded: "who concedes loses",
  timedOut: "who ran out of time, once too often or where that costs the game, loses",
  turnLimitReached: "who has fewer prizes left after the last turn wins",
  tied: "nobody wins: an offer of a draw was accepted, both won in as many ways at once, or both have as many prizes left after the last turn",
  expired: "nobody wins: nobody played on",
  abandoned: "nobody wins: the game was given up by the system",
};

const sections: Readonly<Record<string, () => string>> = {
  rules: () =>
    markdownTable(
      ["rule", "default", "what it is"],
      (Object.keys(ruleTexts) as (keyof RulesConfig)[]).map((rule) => [
        `\`${rule}\``,
        String(defaultRules[rule]),
        ruleTexts[rule],
      ]),
    ),
  endings: () =>
    markdownTable(
      ["reason", "who wins"],
      Object.entries(endTexts).map(([reason, text]) => [`\`${reason}\``, text]),
    ),
  refusals: () =>
    markdownTable(
      ["reason", "in words"],
      Object.entries(illegalReasons).map(([reason, text]) => [`\`${reason}\``, text]),
    ),
};

/** The text with what stands between each pair of marks written anew from the code. @throws Error without the marks */
export function withSections(text: string): string {
  return Object.entries(sections).reduce((written, [name, write]) => {
    const begin = `<!-- ${name} -->`;
    const end = `<!-- end of ${name} -->`;
    const [from, to] = [written.indexOf(begin), written.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the text has no place for ${name}`);
    return `${written.slice(0, from + begin.length)}\n\n${write()}\n\n${written.slice(to)}`;
  }, text);
}
