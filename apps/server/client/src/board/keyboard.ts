const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Arrow keys go along the cards of a row, and from row to row; nothing is reached by them alone. */
export function moveFocus(event: KeyboardEvent): void {
  const step = steps[event.key];
  const focused = document.activeElement;
  const row = focused?.closest<HTMLElement>("[data-row]") ?? rowOfDesk(focused);
  // Sliders and fields have a use of their own for these keys.
  if (step === undefined || !row || !(focused instanceof HTMLElement) || focused instanceof HTMLInputElement) return;
  const [along, across] = step;
  const next = along !== 0 ? neighbour(buttonsOf(row), focused, along) : across < 0 ? above(row) : below(row);
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Where the keyboard is after a move: the desk as a whole, before its buttons. */
const rowOfDesk = (focused: Element | null): HTMLElement | null =>
  focused?.matches(".desk") ? focused.querySelector<HTMLElement>("[data-row]") : null;

const buttonsOf = (row: HTMLElement): HTMLElement[] => [
  ...row.querySelectorAll<HTMLElement>("button:not(:disabled), a[href]"),
];

function neighbour(all: readonly HTMLElement[], from: HTMLElement, by: number): HTMLElement | undefined {
  return all[(all.indexOf(from) + by + all.length) % all.length];
}

const rows = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => buttonsOf(row).length > 0);

const above = (row: HTMLElement) => buttonsOf(rows()[rows().indexOf(row) - 1] ?? row)[0];
const below = (row: HTMLElement) => buttonsOf(rows()[rows().indexOf(row) + 1] ?? row)[0];
