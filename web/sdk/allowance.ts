import type { Off } from "./emitter.ts";
import type { LocalMedia } from "./media.ts";
import { outside, permissionFor } from "./standing.ts";
import type { Permission, SourceKind } from "./types.ts";

/**
 * Keeps our own sources within what the room allows. The server forwards nothing
 * that is more; here it is made true on this side too, so that nobody believes to
 * be heard who is not, and no camera shines for nobody.
 */
export class Allowance {
  #may = outside.may;
  #held: ReadonlySet<SourceKind> = new Set();
  #off: Off;

  constructor(private readonly local: LocalMedia) {
    this.#off = local.on("change", () => this.#comply());
  }

  /** May the source be live now. */
  allows(kind: SourceKind): boolean {
    return this.#may.has(permissionFor(kind)) && !this.#held.has(kind);
  }

  /** What we may publish from now on. */
  permit(may: ReadonlySet<Permission>): void {
    this.#may = may;
    this.#comply();
  }

  /** Which sources a moderator holds muted from now on. */
  hold(kinds: readonly SourceKind[]): void {
    this.#held = new Set(kinds);
    this.#comply();
  }

  /** A moderator has muted a source, and perhaps holds it. */
  silence(kind: SourceKind, hold: boolean): void {
    if (hold) this.#held = new Set([...this.#held, kind]);
    this.#mute(kind);
  }

  /** A moderator lets go of a source. */
  release(kind: SourceKind): void {
    this.#held = new Set([...this.#held].filter((held) => permissionFor(held) !== permissionFor(kind)));
  }

  close(): void {
    this.#off();
  }

  #comply(): void {
    for (const { kind, state, busy } of this.local.sources) {
      if (state === "ended" || busy) continue;
      if (!this.#may.has(permissionFor(kind))) this.local.stop(kind);
      else if (state === "live" && this.#held.has(kind)) this.#mute(kind);
    }
  }

  #mute(kind: SourceKind): void {
    if (kind === "mic") void this.local.setMic(false);
    else if (kind === "camera") void this.local.setCamera(false);
    else if (kind === "screen") void this.local.setScreen(false);
    else this.local.stop(kind);
  }
}
