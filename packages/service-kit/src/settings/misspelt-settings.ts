import { type Environment, environmentName, type Settings } from "./given-settings.js";

/** A variable that no setting has, and the setting that was probably meant. */
export interface MisspeltSetting {
  readonly variable: string;
  readonly meant: string;
}

/**
 * Variables whose names are one slip away from a setting that is not given itself: a letter too many, too few, another
 * or two exchanged, or other capitals and underscores.
 */
export function misspeltSettings({ usual, advanced }: Settings, environment: Environment): readonly MisspeltSetting[] {
  const names = Object.keys({ ...usual, ...advanced }).map(environmentName);
  const known = new Set(names);
  const absent = names.filter((name) => !environment[name]);
  return Object.keys(environment).flatMap((variable) => {
    if (known.has(variable)) return [];
    const meant = absent.find((name) => isOneSlip(plain(variable), plain(name)));
    return meant === undefined ? [] : [{ variable, meant }];
  });
}

/** Logs them by their names, without values. */
export function warnOfMisspelt(
  logger: { warn(fields: object, message: string): void },
  misspelt: readonly MisspeltSetting[],
): void {
  for (const { variable, meant } of misspelt) logger.warn({}, `${variable} is no setting: is ${meant} meant?`);
}

const plain = (name: string): string => name.toUpperCase().replace(/[_-]/g, "");

function isOneSlip(given: string, meant: string): boolean {
  if (given.length > meant.length) return isOneSlip(meant, given);
  if (meant.length - given.length > 1) return false;
  let at = 0;
  while (at < given.length && given[at] === meant[at]) at += 1;
  if (given.length < meant.length) return given.slice(at) === meant.slice(at + 1);
  const isExchanged = given[at] === meant[at + 1] && given[at + 1] === meant[at];
  return given.slice(at + 1) === meant.slice(at + 1) || (isExchanged && given.slice(at + 2) === meant.slice(at + 2));
}
