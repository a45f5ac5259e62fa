import type { Off } from "./emitter.ts";
import type { Room } from "./room.ts";
import type { MemberId, PictureKind, Tile, Wanted } from "./types.ts";

/** A member's picture, as a page wants to show it. */
export interface Picture {
  readonly member: MemberId;
  readonly source: PictureKind;
  /** The user asked for it; it is not to be swapped for who speaks. */
  readonly pinned?: boolean;
}

/** An element, and how much of it is seen. */
interface Frame {
  picture: Picture;
  /** In CSS pixels. */
  width: number;
  height: number;
  onScreen: boolean;
  /** Of the tile that is in the element. */
  attach?: Tile["attach"] | undefined;
  detach?: Off | undefined;
}

/** What is nearly on the screen counts, so that it is there when one scrolls to it: so far, as a part of the screen. */
const nearly = "10%";

/**
 * Shows pictures in the elements of a page: the server sends those that are on
 * the screen, each as large as its element is, and each goes into its element when
 * it comes. What scrolls out of sight is not sent. A page that has one leaves
 * `room.view` to it. An element is empty while there is no picture; `room.tiles` say why.
 */
export class AdaptiveView {
  #room: Pick<Room, "on" | "tiles" | "view">;
  #frames = new Map<Element, Frame>();
  #due = false;
  #off: Off;
  #onScreen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) this.#change(target, { onScreen: isIntersecting });
  }, { rootMargin: nearly });
  #sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect: { width, height } } of entries) this.#change(target, { width, height });
  });

  /** Works for this room, in and out of it, until `close`. */
  constructor(room: Pick<Room, "on" | "tiles" | "view">) {
    this.#room = room;
    this.#off = room.on("tiles", () => this.#fill());
  }

  /** Shows a picture in an element, in place of another that was asked for there, until the returned function is called. */
  show(video: HTMLVideoElement, wish: Picture): Off {
    const picture = { ...wish }; // which tells this wish from others
    const before = this.#frames.get(video);
    if (before) before.picture = picture;
    else {
      this.#frames.set(video, { picture, width: 0, height: 0, onScreen: false });
      this.#onScreen.observe(video);
      this.#sizes.observe(video);
    }
    this.#fill();
    this.#tell();
    return () => {
      if (this.#frames.get(video)?.picture === picture) this.#remove(video);
    };
  }

  /** Takes all pictures out of their elements. */
  close(): void {
    this.#off();
    for (const video of [...this.#frames.keys()]) this.#remove(video);
    this.#onScreen.disconnect();
    this.#sizes.disconnect();
  }

  #remove(video: Element): void {
    this.#frames.get(video)?.detach?.();
    this.#frames.delete(video);
    this.#onScreen.unobserve(video);
    this.#sizes.unobserve(video);
    this.#tell();
  }

  #change(video: Element, change: Partial<Frame>): void {
    const frame = this.#frames.get(video);
    if (!frame) return; // seen a last time
    Object.assign(frame, change);
    this.#tell();
  }

  /** Puts into each element the tile that has its picture, if one has. */
  #fill(): void {
    for (const [video, frame] of this.#frames) {
      const { member, source } = frame.picture;
      const tile = this.#room.tiles.find((tile) => tile.member === member && tile.source === source && !tile.why);
      if (tile?.attach === frame.attach) continue;
      frame.detach?.();
      frame.attach = tile?.attach;
      frame.detach = tile?.attach(video as HTMLVideoElement);
    }
  }

  /** Says once what is on the screen for all that changes in one go. */
  #tell(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#room.view(this.#wanted());
    });
  }

  /** The pinned first, then the largest. */
  #wanted(): Wanted[] {
    const area = ({ width, height }: Wanted) => width * height;
    return [...this.#frames.values()]
      .filter(({ onScreen, width, height }) => onScreen && width && height)
      .map(({ picture, width, height }) => ({ ...picture, width, height }))
      .sort((a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false) || area(b) - area(a));
  }
}
