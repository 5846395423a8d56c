import { defaultRules, type RulesConfig } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { timeText } from "../common/rules-text.js";
import { plural } from "../common/words.js";

/** Rules that differ from the usual ones. */
export type OwnRules = Partial<RulesConfig>;
type Value = RulesConfig[keyof RulesConfig];

interface Choice {
  readonly rule: keyof RulesConfig;
  readonly label: string;
  readonly values: readonly Value[];
  readonly say: (value: Value) => string;
}

const minuteMs = 60_000;
const number = (unit: string) => (value: Value) => plural(Number(value), unit);
const choices: readonly Choice[] = [
  {
    rule: "turnTimeMs",
    label: "Time for a turn",
    values: [30_000, 90_000, 5 * minuteMs, 60 * minuteMs, 3 * 1_440 * minuteMs, null],
    say: (value) => timeText(value === null ? null : Number(value)),
  },
  {
    rule: "onTimeOut",
    label: "When it is over",
    values: ["loseTurn", "loseGame"],
    say: (value) => (value === "loseTurn" ? "lose the turn" : "lose the game"),
  },
  { rule: "prizeCount", label: "Prizes to take", values: [1, 2, 3, 4, 6], say: number("prize") },
  { rule: "openingHandSize", label: "First hand", values: [3, 5, 7, 10], say: number("card") },
  { rule: "handLimit", label: "Hand at the end of a turn", values: [5, 8, 12, 20], say: number("card") },
  { rule: "benchSize", label: "Bench", values: [2, 3, 4, 6, 8], say: number("creature") },
  { rule: "turnLimit", label: "Last turn", values: [20, 50, 100, 200], say: String },
  {
    rule: "openAfterEnd",
    label: "Hands after the end",
    values: [false, true],
    say: (value) => (value ? "shown" : "hidden"),
  },
];

/** Lets the player change rules for the next game; folded away, since the usual ones are good. */
export function RulesChoice({
  rules,
  onChange,
}: {
  rules: OwnRules;
  onChange: (rules: OwnRules) => void;
}): JSX.Element {
  const changed = Object.keys(rules).length;
  const choose = (rule: keyof RulesConfig, value: Value) => {
    const { [rule]: _before, ...rest } = rules;
    onChange(value === defaultRules[rule] ? rest : { ...rest, [rule]: value });
  };
  return (
    <details class="rules-choice">
      <summary>Rules: {changed === 0 ? "the usual ones" : `${plural(changed, "rule")} changed`}</summary>
      <div class="choices">
        {choices.map(({ rule, label, values, say }) => (
          <label key={rule}>
            <span>{label}</span>
            <select
              name={rule}
              value={String(values.indexOf(rule in rules ? (rules[rule] as Value) : defaultRules[rule]))}
              onChange={({ currentTarget }) => choose(rule, values[Number(currentTarget.value)] as Value)}
            >
              {values.map((value, index) => (
                <option key={String(value)} value={String(index)}>
                  {say(value)}
                  {value === defaultRules[rule] ? " (usual)" : ""}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      {changed > 0 && (
        <button type="button" onClick={() => onChange({})}>
          Back to the usual ones
        </button>
      )}
    </details>
  );
}
