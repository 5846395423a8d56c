import type { ContenderName } from "../contenders/contender.js";
import { type CaseResult, inOrder, type RowResult } from "../run-rows.js";
import { contenderTitles } from "./table.js";

const colours: Readonly<Record<ContenderName, string>> = {
  limit: "#8c8c8c",
  control: "#bdbdbd",
  copy: "#5f9e6e",
  naive: "#d98c3f",
  turnkeep: "#2f7ed8",
  every: "#7fb2ea",
  turns: "#2f7ed8",
};

const width = 860;
const left = 210;
const right = 70;
const barHeight = 13;
const groupGap = 12;
const top = 58;

/** The ratios of a row to its limit, as bars; a line stands where the limit is. */
export function barChart({ title, cases }: RowResult): string {
  const groups = cases.map(({ label, contenders }) => ({
    label,
    bars: inOrder(contenders).flatMap(({ name, figures }) =>
      name === "limit" || figures.toLimit === null ? [] : [{ name, value: figures.toLimit }],
    ),
  }));
  const largest = Math.max(1.2, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const x = (value: number) => left + (value / largest) * (width - left - right);
  let y = top;
  const parts: string[] = [];
  for (const { label, bars } of groups) {
    parts.push(text(left - 10, y + (bars.length * barHeight) / 2 + 4, label, "end"));
    for (const { name, value } of bars) {
      const size = `width="${round(x(value) - left)}" height="${barHeight - 2}"`;
      parts.push(`<rect x="${left}" y="${y}" ${size} fill="${colours[name]}"/>`);
      parts.push(text(x(value) + 5, y + barHeight - 3, value.toFixed(2), "start", 10));
      y += barHeight;
    }
    y += groupGap;
  }
  const limit = `<line x1="${round(x(1))}" y1="${top - 6}" x2="${round(x(1))}" y2="${y}" stroke="#555" stroke-dasharray="4 3"/>`;
  return svg(title, y + 10, [
    heading(`${title}: operations a second, as a share of the limit's`),
    legendOf(cases),
    ...parts,
    limit,
  ]);
}

const plotHeight = 260;

/** Operations a second against the size of a growing thing, both on scales of powers of ten. */
export function lineChart({ title, cases }: RowResult): string {
  const points = new Map<ContenderName, [number, number][]>();
  for (const { growth, contenders } of cases) {
    for (const { name, figures } of inOrder(contenders)) {
      points.set(name, [...(points.get(name) ?? []), [growth ?? 1, figures.opsPerSecond]]);
    }
  }
  const all = [...points.values()].flat();
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const scale = (values: readonly number[], from: number, to: number) => {
    const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
    return (value: number) => from + ((Math.log10(value) - low) / Math.max(high - low, 0.01)) * (to - from);
  };
  const [x, y] = [scale(xs, 90, width - right), scale([...ys, Math.max(...ys) * 1.2], top + plotHeight, top)];
  const bottom = top + plotHeight;
  const axis = [...new Set(xs)].map((value) => text(x(value), bottom + 20, value.toLocaleString("en"), "middle"));
  const lines = [...points].flatMap(([name, line]) => {
    const path = line.map(([px, py]) => `${round(x(px))},${round(y(py))}`).join(" ");
    const dots = line.map(
      ([px, py]) => `<circle cx="${round(x(px))}" cy="${round(y(py))}" r="3" fill="${colours[name]}"/>`,
    );
    const values = line.map(([px, py]) => text(x(px) + 5, y(py) - 5, Math.round(py).toLocaleString("en"), "start", 10));
    return [`<polyline points="${path}" fill="none" stroke="${colours[name]}" stroke-width="2"/>`, ...dots, ...values];
  });
  return svg(title, bottom + 34, [heading(`${title}: operations a second`), legendOf(cases), ...axis, ...lines]);
}

function legendOf(cases: readonly CaseResult[]): string {
  const names = inOrder(cases[0]?.contenders ?? {}).map(({ name }) => name);
  return names
    .map((name, index) => {
      const x = 20 + index * 165;
      return `<rect x="${x}" y="32" width="10" height="10" fill="${colours[name]}"/>${text(x + 15, 41, contenderTitles[name], "start", 11)}`;
    })
    .join("");
}

const round = (value: number) => Math.round(value * 10) / 10;
const heading = (line: string) => text(20, 20, line, "start", 14);
const escaped = (line: string) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function text(x: number, y: number, line: string, anchor: "start" | "middle" | "end", size = 12): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="${anchor}" fill="#222">${escaped(line)}</text>`;
}

const svg = (title: string, height: number, parts: readonly string[]) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${round(height)}" font-family="sans-serif">\n` +
  `<title>${escaped(title)}</title>\n<rect width="100%" height="100%" fill="#fff"/>\n${parts.join("\n")}\n</svg>\n`;
