import { createStore } from "../connection/store.js";

/** As the system has it, or as the reader chose. */
export type Theme = "system" | "light" | "dark";

const key = "turnkeep.theme";
const themes: readonly Theme[] = ["system", "light", "dark"];

export const theme = createStore<Theme>(stored());

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** Now, and whenever the system changes its mind. */
export function keepTheme(): void {
  applyTheme();
  systemIsDark.addEventListener("change", applyTheme);
}

function applyTheme(): void {
  const chosen = theme.get();
  const ofSystem = systemIsDark.matches ? "dark" : "light";
  document.documentElement.dataset.theme = chosen === "system" ? ofSystem : chosen;
}

export function nextTheme(): void {
  const next = themes[(themes.indexOf(theme.get()) + 1) % themes.length] ?? "system";
  theme.set(next);
  localStorage.setItem(key, next);
  applyTheme();
}

function stored(): Theme {
  const found = localStorage.getItem(key);
  return themes.find((one) => one === found) ?? "system";
}
