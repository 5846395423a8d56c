import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";

/** Asks again before it does what cannot be undone; a player who turns away did not mean it. */
export function TwiceButton(props: {
  readonly children: ComponentChildren;
  readonly again: string;
  readonly className: string;
  readonly move?: string;
  readonly disabled?: boolean;
  readonly onSure: () => void;
}): JSX.Element {
  const { children, again, className, move, disabled = false, onSure } = props;
  const [asked, setAsked] = useState(false);
  return (
    <button
      type="button"
      class={asked ? "grave" : className}
      disabled={disabled}
      data-move={move}
      onClick={() => (asked ? onSure() : setAsked(true))}
      onBlur={() => setAsked(false)}
    >
      {asked ? again : children}
    </button>
  );
}
