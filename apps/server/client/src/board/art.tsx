import type { CardDefinition, Element } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { memo } from "../common/memo.js";

/** Numbers that a name decides, so that each card looks like itself everywhere. */
function numbersOf(name: string): (below: number) => number {
  let seed = 2_166_136_261;
  for (const letter of name) seed = Math.imul(seed ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return (below) => {
    seed = Math.imul(seed ^ (seed >>> 15), 2_246_822_519) ^ (seed >>> 13);
    return (seed >>> 0) % below;
  };
}

const glyphs: Readonly<Record<Element | "any", string>> = {
  ember: "M12 2c1 4 6 6 6 12a6 6 0 0 1-12 0c0-3 2-4 2-7 2 1 3 2 3 4 1-2 2-5 1-9z",
  tide: "M12 2c4 6 7 9 7 13a7 7 0 0 1-14 0c0-4 3-7 7-13zm-3.500 13a4 4 0 0 0 3.500 4v-1.600a2.500 2.500 0 0 1-2-2.400z",
  grove:
    "M20 3C9 3 4 8 4 14c0 2 .6 3.600 1.400 5L4 21l1.500 1 1.500-2.300C8 20.500 9.500 21 11 21c7 0 9-8 9-18zM8 17c1-4 4-7 8-9-3 3-5 6-6.500 10z",
  storm: "M14 2 4 14h6l-2 8L20 9h-7z",
  stone: "M12 2l8.500 5v10L12 22l-8.500-5V7zm0 3L7 8l5 3 5-3z",
  any: "M12 3l2.600 6.400L21 12l-6.400 2.600L12 21l-2.600-6.400L3 12l6.400-2.600z",
};

/** The sign of an element, as it stands for one energy. */
export function Glyph({ element }: { element: Element | "any" }): JSX.Element {
  return (
    <svg class={`glyph el-${element}`} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="12" class="glyph-ground" />
      <path d={glyphs[element]} class="glyph-sign" transform="translate(12 12) scale(.72) translate(-12 -12)" />
    </svg>
  );
}

/** A picture for a card, made of its name and kind. */
export const Art = memo(function Art({ card }: { card: CardDefinition }): JSX.Element {
  const draw = numbersOf(card.id);
  const element = "element" in card ? card.element : "any";
  return (
    <svg class={`art el-${element}`} viewBox="0 0 100 64" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect width="100" height="64" class="sky" />
      <circle cx={18 + draw(64)} cy={12 + draw(12)} r={6 + draw(5)} class="sun" />
      <path d={ridge(draw, 36, 12)} class="far-hill" />
      <path d={ridge(draw, 48, 9)} class="near-hill" />
      {card.kind === "creature" && <Face draw={draw} grown={card.evolvesFrom !== null} />}
      {card.kind === "energy" && <Emblem element={card.element} />}
      {card.kind === "trainer" && <Scroll draw={draw} />}
      {card.kind === "stadium" && <Arch draw={draw} />}
      {card.kind === "tool" && <Charm draw={draw} />}
    </svg>
  );
});

type Draw = (below: number) => number;

function ridge(draw: Draw, height: number, swing: number): string {
  const points = [0, 20, 40, 60, 80, 100].map((x) => `${x} ${height + draw(swing)}`);
  return `M0 64V${points[0]?.split(" ")[1]}L${points.join("L")}V64z`;
}

const ears = [
  "M-17-8l-4-17 13 8zM17-8l4-17-13 8z",
  "M-14-12c-8-10-6-18-2-20 6 2 8 10 8 16zM14-12c8-10 6-18 2-20-6 2-8 10-8 16z",
  "M-12-13c-2-9-10-9-12-14 8-2 15 3 17 12zM12-13c2-9 10-9 12-14-8-2-15 3-17 12z",
  "M-19-6a6 6 0 1 1 7-9zM19-6a6 6 0 1 0-7-9z",
  "M0-16l-4-13 4 4 4-4z",
] as const;
const heads = [
  "M0-18c13 0 20 8 20 18S12 19 0 19-20 10-20 0-13-18 0-18z",
  "M-18-10c0-6 8-9 18-9s18 3 18 9L12 16c-3 4-21 4-24 0z",
  "M0-19 18-8v14L0 20-18 6V-8z",
  "M-20-2c0-10 9-16 20-16s20 6 20 16c0 8-6 10-9 16-2 5-20 5-22 0-3-6-9-8-9-16z",
] as const;
const muzzles = [
  "M-7 6c0-4 14-4 14 0s-4 7-7 7-7-3-7-7z",
  "M0 3l6 4-6 8-6-8z",
  "M-9 8c4 4 14 4 18 0-2 8-16 8-18 0z",
] as const;

/** A player: the same head on both sides of the middle, as faces are. */
function Face({ draw, grown }: { draw: Draw; grown: boolean }): JSX.Element {
  const eye = 6 + draw(4);
  const wide = 2 + draw(2);
  const pupil = draw(2);
  return (
    <g transform={`translate(50 37) scale(${grown ? 1.12 : 0.98})`}>
      <path d={ears[draw(ears.length)]} class="skin-dark" />
      {grown && <path d="M-22 12c-8 2-10-8-6-14 1 6 3 8 7 8zM22 12c8 2 10-8 6-14-1 6-3 8-7 8z" class="skin-dark" />}
      <path d={heads[draw(heads.length)]} class="skin" />
      {draw(2) === 0 ? (
        <path d="M-4-18h8L0-7z" class="mark" />
      ) : (
        <path d="M-19 4l7-2-6 7zM19 4l-7-2 6 7z" class="mark" />
      )}
      <path d={muzzles[draw(muzzles.length)]} class="mark" />
      {[-1, 1].map((side) => (
        <g key={side} transform={`translate(${side * eye} -3)`}>
          <ellipse rx={wide + 1.5} ry={wide + 2} class="eye" />
          <ellipse cx={side * -0.6} cy="0.6" rx={pupil === 0 ? 1 : 1.7} ry="2.400" class="pupil" />
        </g>
      ))}
      <path d="M-2 6.500h4l-2 2.400z" class="pupil" />
    </g>
  );
}

function Emblem({ element }: { element: Element }): JSX.Element {
  return (
    <g transform="translate(50 32)">
      <circle r="22" class="halo" />
      <path d={glyphs[element]} class="emblem" transform="scale(1.500) translate(-12 -12)" />
    </g>
  );
}

function Scroll({ draw }: { draw: Draw }): JSX.Element {
  const lines = [0, 1, 2, 3].map((line) => ({ y: -9 + line * 6, to: 4 + draw(10) }));
  return (
    <g transform={`translate(50 33) rotate(${draw(13) - 6})`}>
      <rect x="-18" y="-20" width="36" height="40" rx="3" class="sheet" />
      {lines.map(({ y, to }) => (
        <path key={y} d={`M-12 ${y}H${to}`} class="ink-line" />
      ))}
      <circle cx="10" cy="12" r="4" class="seal" />
    </g>
  );
}

function Arch({ draw }: { draw: Draw }): JSX.Element {
  const columns = 3 + draw(2);
  return (
    <g class="sheet">
      <path d="M20 26 50 10l30 16v4H20z" />
      {Array.from({ length: columns }, (_, index) => (
        <rect key={index} x={26 + (index * 42) / (columns - 1)} y="32" width="6" height="20" />
      ))}
      <rect x="18" y="53" width="64" height="5" />
    </g>
  );
}

function Charm({ draw }: { draw: Draw }): JSX.Element {
  const sides = 5 + draw(4);
  const points = Array.from({ length: sides }, (_, index) => {
    const angle = (index / sides) * 2 * Math.PI;
    return `${(15 * Math.sin(angle)).toFixed(1)},${(-15 * Math.cos(angle)).toFixed(1)}`;
  });
  return (
    <g transform="translate(50 36)">
      <path d="M-16-34 0-14l16-20" class="cord" />
      <polygon points={points.join(" ")} class="sheet" />
      <circle r="5" class="seal" />
    </g>
  );
}

/** What the back of every card looks like. */
export function Back(): JSX.Element {
  return (
    <svg class="back" viewBox="0 0 50 70" aria-hidden="true">
      <rect width="50" height="70" rx="5" class="back-ground" />
      <rect x="4" y="4" width="42" height="62" rx="3" class="back-frame" />
      <path d="M25 17l13 18-13 18-13-18z" class="back-sign" />
      <path d="M19 35l4.500 4.500 8-9" class="back-tick" />
    </svg>
  );
}
