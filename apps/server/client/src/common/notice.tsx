import type { JSX } from "preact";

/** Stands where something else would, if it were there; and leads away. */
export function Notice({ text, final = false }: { text: string; final?: boolean }): JSX.Element {
  return (
    <section class="notice">
      <p role="status">{text}</p>
      {final && (
        <p class="buttons after">
          <a class="button" href="#/">
            Back to the lobby
          </a>
        </p>
      )}
    </section>
  );
}
