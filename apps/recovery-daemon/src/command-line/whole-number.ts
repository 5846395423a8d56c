import { InvalidArgumentError } from "commander";

/** An argument that is a whole number from 1. @throws InvalidArgumentError, which names the flag */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 1");
}
