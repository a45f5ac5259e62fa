import { useId } from "preact/hooks";
import { Icon } from "../parts/icons.tsx";
import { useWords } from "../page.ts";

/** Whether a seat is pinned, and how to turn that. */
export interface Pin {
  readonly on: boolean;
  turn(on: boolean): void;
}

/** Keeps a picture large, before all others, until it is pressed again. */
export function PinButton({ pin, name }: { pin: Pin; name: string }) {
  const words = useWords();
  const tip = useId();
  return (
    <div class="pin">
      <button
        type="button" class="seat-button" aria-label={words.pin(name)} aria-describedby={tip} aria-pressed={pin.on}
        onClick={() => pin.turn(!pin.on)}
      >
        <Icon name="pin" />
      </button>
      <span class="tip" role="tooltip" id={tip}>{pin.on ? words.pinned : words.pinHint}</span>
    </div>
  );
}
