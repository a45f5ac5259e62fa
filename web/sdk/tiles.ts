import type { Off } from "./emitter.ts";
import type { PairLines } from "./connection.ts";
import { whenShown } from "./frame.ts";
import type { PictureKind, Tile } from "./types.ts";
import type { Carries } from "./wire.ts";

/** What a tile shows. */
type Shown = Omit<Tile, "key" | "attach">;

/** One video slot, and what of it is seen at this moment. */
class Slot {
  #line: RTCRtpTransceiver;
  #changed: () => void;
  #stream: MediaStream;
  /** Where it is shown; the newest tells what is seen. */
  #videos: readonly HTMLVideoElement[] = [];
  #callOff: Off | undefined;
  /** What is on the way: shown from RTP timestamp `ts` on. */
  #next: { shown: Shown; ts: number } | undefined;
  tile: Tile;

  constructor(line: RTCRtpTransceiver, changed: () => void) {
    this.#line = line;
    this.#changed = changed;
    this.#stream = new MediaStream([line.receiver.track]);
    this.tile = this.#snapshot({ why: "empty" });
  }

  get mid(): string | null {
    return this.#line.mid;
  }

  /** A source comes with its picture; nothing comes at once. */
  carry({ member, source, ts, why }: Carries): void {
    const shown: Shown = { ...(member && { member }), ...(source && { source: source as PictureKind }), ...(why && { why }) };
    this.#callOff?.();
    this.#next = undefined;
    if (why || ts === undefined) return this.#show(shown);
    this.#next = { shown, ts };
    this.#await();
  }

  #await(): void {
    this.#callOff?.();
    if (!this.#next) return;
    const { shown, ts } = this.#next;
    this.#callOff = whenShown(ts, this.#line.receiver, this.#videos.at(-1), () => this.#show(shown));
  }

  #show(shown: Shown): void {
    this.#next = this.#callOff = undefined;
    this.tile = this.#snapshot(shown);
    this.#changed();
  }

  #snapshot(shown: Shown): Tile {
    return { key: this.#line.mid ?? "", ...shown, attach: this.#attach };
  }

  #attach = (video: HTMLVideoElement): Off => {
    video.muted = video.playsInline = true; // sound has elements of its own
    video.srcObject = this.#stream;
    void video.play().catch(() => undefined); // taken off the page before it played
    this.#videos = [...this.#videos, video];
    this.#await();
    return () => {
      if (video.srcObject === this.#stream) video.srcObject = null;
      this.#videos = this.#videos.filter((other) => other !== video);
      this.#await();
    };
  };

  close(): void {
    this.#callOff?.();
  }
}

/** The pictures that the server sends us, by the lines they come on. */
export class Tiles {
  #slots: Slot[] = [];
  #changed: (tiles: readonly Tile[]) => void;
  #due = false;

  constructor(changed: (tiles: readonly Tile[]) => void) {
    this.#changed = changed;
  }

  /** Takes in the pairs that it does not know yet; their answer is applied. */
  add(pairs: readonly PairLines[]): void {
    for (const { video } of pairs.slice(this.#slots.length)) this.#slots.push(new Slot(video, () => this.#tell()));
    this.#tell();
  }

  /** Takes what the server says of slots, by mid; mids of voices are not ours. */
  carry(slots: Readonly<Record<string, Carries>>): void {
    for (const slot of this.#slots) {
      const carries = slot.mid === null ? undefined : slots[slot.mid];
      if (carries) slot.carry(carries);
    }
  }

  close(): void {
    for (const slot of this.#slots) slot.close();
  }

  /** Tells once for all that changes in one go. */
  #tell(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#changed(this.#slots.map((slot) => slot.tile));
    });
  }
}
