import type { Connection } from "./connection.ts";
import type { Off } from "./emitter.ts";
import { fitEncodings } from "./layers.ts";
import type { LocalMedia } from "./media.ts";
import type { LocalSource, SourceKind, SourceState } from "./types.ts";
import type { Lobby } from "./wire.ts";

/**
 * Puts our own sources on the connection's lines, by replaceTrack, and tells
 * the server. It never causes a negotiation.
 */
export class Publisher {
  #applied = new Map<SourceKind, { track: MediaStreamTrack | undefined; state: SourceState }>();
  #turn = new Map<SourceKind, Promise<void>>();
  /** Which layers anybody needs; of a source that is not there, all. */
  #wanted = new Map<SourceKind, ReadonlySet<string>>();
  #off: Off;

  constructor(
    private readonly local: LocalMedia,
    private readonly connection: Connection,
    private readonly bitrates: Lobby["bitrates"],
    private readonly publish: (source: SourceKind, state: SourceState) => void,
    private readonly allows: (source: SourceKind) => boolean = () => true,
  ) {
    this.#off = local.on("change", (source) => this.#sync(source.kind));
    for (const source of local.sources) this.#sync(source.kind);
  }

  /** Sends only these layers of a picture from now on; sound is always sent. */
  want(kind: SourceKind, layers: readonly string[]): void {
    this.#wanted.set(kind, new Set(layers));
    this.#inTurn(kind, () => this.#adapt(kind));
  }

  /** Says all of it again: what was said last may not have come through. */
  again(): void {
    for (const [kind, { state }] of this.#applied) this.publish(kind, state);
  }

  close(): void {
    this.#off();
  }

  /** The source; one that is live and may not be is about to be muted, and one that the system muted, as phones do, is. */
  #source(kind: SourceKind): LocalSource {
    const source = this.local.sources.find((source) => source.kind === kind)!;
    return source.state === "live" && (source.track?.muted || !this.allows(kind)) ? { ...source, state: "muted" } : source;
  }

  /** Makes the line what the source is now; runs one after the other for one source. */
  #sync(kind: SourceKind): void {
    // A mute is told before anything else: the others must not wait for our line.
    if (this.#source(kind).state === "muted") this.#tell(kind);
    this.#inTurn(kind, async () => {
      const { track } = this.#source(kind);
      const applied = this.#applied.get(kind);
      if (applied?.track !== track) {
        await this.connection.sender(kind).replaceTrack(track ?? null);
        this.#applied.set(kind, { track, state: applied?.state ?? "ended" });
        this.#inTurn(kind, () => this.#adapt(kind));
      }
      this.#tell(kind);
    });
  }

  #tell(kind: SourceKind): void {
    const { state } = this.#source(kind);
    const applied = this.#applied.get(kind);
    if ((applied?.state ?? "ended") === state) return;
    this.#applied.set(kind, { track: applied?.track, state });
    this.publish(kind, state);
  }

  /**
   * Fits the layers of a picture to its size and to what is wanted. A phone that
   * turns swaps width and height, which changes nothing.
   */
  async #adapt(kind: SourceKind): Promise<void> {
    const track = this.#applied.get(kind)?.track;
    if ((kind !== "camera" && kind !== "screen") || !track) return;
    const sender = this.connection.sender(kind);
    const parameters = sender.getParameters();
    fitEncodings(parameters.encodings, kind, track.getSettings(), this.bitrates, this.#wanted.get(kind));
    await sender.setParameters(parameters);
  }

  #inTurn(kind: SourceKind, act: () => Promise<void>): void {
    const before = this.#turn.get(kind) ?? Promise.resolve();
    this.#turn.set(kind, before.then(act).catch(() => undefined)); // the connection was closed meanwhile
  }
}
