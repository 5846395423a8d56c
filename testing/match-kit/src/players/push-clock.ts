/**
 * How long it takes from the moment a player sends an action until the opponent is shown what came of it. Answer and
 * view may come in either order. Versions that a newer view replaced before it was sent count for nothing.
 */
export class PushClock {
  readonly #sent = new Map<string, number>();
  readonly #shown = new Map<string, number>();

  readonly #onPush: (tookMs: number) => void;

  constructor(onPush: (tookMs: number) => void) {
    this.#onPush = onPush;
  }

  /** An action of one player made this version. */
  sent(version: string, at: number): void {
    this.#report(at, this.#shown.get(version));
    this.#sent.set(version, at);
  }

  /** The other player was shown this version. */
  shown(version: string, at: number): void {
    if (this.#shown.has(version)) return;
    this.#report(this.#sent.get(version), at);
    this.#shown.set(version, at);
  }

  #report(sent: number | undefined, shown: number | undefined): void {
    if (sent !== undefined && shown !== undefined) this.#onPush(shown - sent);
  }
}
