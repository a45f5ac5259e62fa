// What one chose to see of the stage, as signals.

import { batch, signal } from "@preact/signals";
import type { MemberId } from "../../sdk/index.ts";
import type { Layout } from "./mains.ts";

export class StageChoices {
  readonly layout = signal<Layout>("grid");
  /** Oneself has no place on one's own stage while others are there. */
  readonly selfHidden = signal(false);
  /** The key of the seat that stays large. */
  readonly pinned = signal<string | undefined>(undefined);
  /** The key of the seat that has the whole screen. */
  readonly only = signal<string | undefined>(undefined);
  /** Whose turn to speak it is. */
  readonly turn = signal<MemberId | undefined>(undefined);
  /** The page has the whole screen. */
  readonly fullScreen = signal(false);
  /** Which page of faces is looked at, from 0, and how many there are; the stage keeps them in bounds. */
  readonly page = signal(0);
  readonly pages = signal(1);

  /** Turns so many pages on. */
  turnPage(by: number): void {
    this.page.value = Math.max(0, Math.min(this.page.value + by, this.pages.value - 1));
  }

  /** As in a room that one comes into; what is a matter of taste stays. */
  reset(): void {
    batch(() => {
      this.pinned.value = this.only.value = undefined;
      this.page.value = 0;
    });
  }
}
