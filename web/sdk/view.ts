import type { Wanted } from "./types.ts";
import type { WantedTile } from "./wire.ts";

/** Layouts change in bursts; the server is told of the first and the last, so often at most. */
const pause = 100;

/** How many pairs a connection grows to, step by step: more lines cost more at every offer. */
const steps = [4, 9, 16, 25];

/** How many pairs a screen with so many tiles needs, when `have` are there and `most` are allowed. */
export function pairsFor(tiles: number, have: number, most: number): number {
  if (tiles <= have) return have;
  return Math.max(have, Math.min(most, steps.find((step) => step >= tiles) ?? most));
}

/** Says what is on the screen, in device pixels, and not more often than needed. */
export class View {
  #send: (tiles: WantedTile[]) => void;
  #tiles: WantedTile[] = [];
  #sent = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (tiles: WantedTile[]) => void) {
    this.#send = send;
  }

  set(wanted: readonly Wanted[]): void {
    const pixels = (length: number) => Math.min(16384, Math.round(length * devicePixelRatio));
    this.#tiles = wanted.slice(0, 64).map(({ member, source, width, height, pinned }) => ({
      member, source, w: pixels(width), h: pixels(height), ...(pinned && { pin: true }),
    }));
    if (this.#timer === undefined) this.#flush();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    const text = JSON.stringify(this.#tiles);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#send(this.#tiles);
    this.#timer = setTimeout(() => this.#flush(), pause);
  }
}
