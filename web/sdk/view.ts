import type { Wanted } from "./types.ts";
import type { WantedTile } from "./wire.ts";

/** Layouts change in bursts; so long, in milliseconds, the server is not told of another that asks for less. */
const pause = 200;
/** What grows by more than this is told at once. */
const growth = 1.2;

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
  #wanted: readonly Wanted[] | undefined; // until the page has said something the server chooses
  #sent: readonly WantedTile[] = [];
  #text = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #scale = 1;
  #seen = true;

  constructor(send: (tiles: WantedTile[]) => void) {
    this.#send = send;
  }

  set(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
    this.#changed();
  }

  /** Asks for this part of the tiles' width and height from now on: the device cannot decode more. */
  scale(part: number): void {
    this.#scale = part;
    this.#changed();
  }

  /** Asks for nothing as long as nobody looks. */
  look(seen: boolean): void {
    this.#seen = seen;
    this.#changed();
  }

  /** Says all of it again: what was said last may not have come through. */
  again(): void {
    this.#text = "";
    this.#flush();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#wanted = undefined;
  }

  #changed(): void {
    if (this.#timer === undefined || this.#grows()) this.#flush();
  }

  #tiles(): WantedTile[] {
    // 0 would say that the size is not known.
    const pixels = (length: number) => Math.max(1, Math.min(16384, Math.round(length * devicePixelRatio * this.#scale)));
    return (this.#seen ? this.#wanted ?? [] : []).slice(0, 64).map(({ member, source, width, height, pinned }) => ({
      member, source, w: pixels(width), h: pixels(height), ...(pinned && { pin: true }),
    }));
  }

  /** Is something there that is new or clearly larger: nobody should wait for that. */
  #grows(): boolean {
    const size = ({ w, h }: WantedTile) => w * h;
    const known = ({ member, source }: WantedTile) => this.#sent.find((tile) => tile.member === member && tile.source === source);
    return this.#tiles().some((tile) => {
      const before = known(tile);
      return !before || size(tile) > growth * size(before);
    });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#wanted) return;
    const tiles = this.#tiles();
    const text = JSON.stringify(tiles);
    if (text === this.#text) return;
    this.#text = text;
    this.#sent = tiles;
    this.#send(tiles);
    this.#timer = setTimeout(() => this.#flush(), pause);
  }
}
