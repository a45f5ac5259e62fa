// The keys of a room: what is on the page says what it does at which command, and
// whoever listens hands the keys in.

import { isComposing } from "../parts/keys.ts";
import { type Command, commands, keys, nameOf } from "./catalogue.ts";

/** What a command does; `release` when its key, held until then, is let go. */
export interface Act {
  press(event: KeyboardEvent): unknown;
  release?(): unknown;
}

/** Where every key belongs to whoever writes there. */
const WRITING = "input, textarea, select, [contenteditable], dialog";
/** Where a key presses what it is on, or scrolls. */
const PRESSING: Readonly<Record<string, string>> = {
  Space: "button, a, summary, [role=log]",
  Enter: "button, a, summary",
  ...Object.fromEntries(["PageUp", "PageDown", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((key) => [key, "aside"])),
};

/** Nothing here touches the page but by the acts. */
export class Keyboard {
  readonly #isOn: () => boolean;
  readonly #acts = new Map<Command, Act>();
  #held: { readonly name: string; readonly act: Act } | undefined;

  /** `isOn`: are keys wanted; whoever speaks to their machine may want none. */
  constructor(isOn: () => boolean) {
    this.#isOn = isOn;
  }

  /** From now on the command does this; the newest counts. Returns how to take it back. */
  on(command: Command, act: Act): () => void {
    this.#acts.set(command, act);
    return () => {
      if (this.#held?.act === act) this.letGo();
      if (this.#acts.get(command) === act) this.#acts.delete(command);
    };
  }

  /** What the keys can do now, in the order of the catalogue. */
  available(): Command[] {
    return commands.filter((command) => this.#acts.has(command));
  }

  /**
   * A key went down: was it ours. Space presses the button that has the focus,
   * but for one that was clicked: `pointed`.
   */
  press(event: KeyboardEvent, pointed = false): boolean {
    const command = this.#commandOf(event, pointed);
    const act = command && this.#acts.get(command);
    if (!act) return false;
    if (event.repeat && !keys[command].repeats) return true; // held, and pressed once
    if (act.release) this.#held = { name: nameOf(event), act };
    act.press(event);
    return true;
  }

  /** A key went up: was it ours. */
  release(event: KeyboardEvent): boolean {
    const ours = this.#held?.name === nameOf(event);
    if (ours) this.letGo();
    return ours;
  }

  /** Whatever is held is let go: the window does not hear of it any more. */
  letGo(): void {
    const held = this.#held;
    this.#held = undefined;
    held?.act.release?.();
  }

  #commandOf(event: KeyboardEvent, pointed: boolean): Command | undefined {
    const { ctrlKey, altKey, metaKey, shiftKey, defaultPrevented, target } = event;
    if (!this.#isOn() || isComposing(event) || ctrlKey || altKey || metaKey || defaultPrevented) return undefined;
    const name = nameOf(event);
    if (shiftKey && name !== "?") return undefined; // which needs it
    const others = [WRITING, !(pointed && name === "Space") && PRESSING[name]];
    if ((target as Element).closest(others.filter(Boolean).join())) return undefined;
    return commands.find((command) => keys[command].keys.includes(name));
  }
}
