/** The way from the root of a document to one of its parts: keys and array positions. */
export type PathSteps = readonly (string | number)[];

const plainKey = /^[A-Za-z_$][A-Za-z0-9_$-]{0,63}$/;
const longestKey = 64;

/** A JSON path such as `$.players["a b"].hand[3]`. Odd keys are escaped and long ones cut; values never appear. */
export function formatJsonPath(steps: PathSteps): string {
  let path = "$";
  for (const step of steps) {
    if (typeof step === "number") path += `[${step}]`;
    else if (plainKey.test(step)) path += `.${step}`;
    else path += `[${JSON.stringify(step.slice(0, longestKey))}]`;
  }
  return path;
}
