import { type ManagerSettings, type SettingsInput, settingsSchema } from "../../settings.js";

const documented = new Set(Object.keys(settingsSchema.unwrap().shape));

/** Settings as a manager takes them, from a flat list: what is not documented goes under `advanced`. */
export function nestSettings(flat: Partial<ManagerSettings>): SettingsInput {
  const entries = Object.entries(flat);
  return {
    ...Object.fromEntries(entries.filter(([name]) => documented.has(name))),
    advanced: Object.fromEntries(entries.filter(([name]) => !documented.has(name))),
  };
}
