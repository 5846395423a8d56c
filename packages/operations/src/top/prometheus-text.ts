/** One line of a scrape. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The series of a Prometheus text (format 0.0.4), in its order. Comments, and lines that are no series, are left out. */
export function readPrometheusText(text: string): readonly Series[] {
  return text.split("\n").flatMap((each) => {
    const [, name, labels = "", value] = line.exec(each.trim()) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(label)].map(([, key = "", quoted = ""]) => [key, unescaped(quoted)]);
    return [{ name, labels: Object.fromEntries(pairs), value: numberOf(value) }];
  });
}

const unescaped = (quoted: string): string => quoted.replace(/\\(.)/g, (_, one) => (one === "n" ? "\n" : one));

/** @returns NaN for what is no number, as the format has it */
const numberOf = (text: string): number => Number(text.replace(/^([+-]?)Inf$/, "$1Infinity"));
