import { Chat } from "./chat.ts";
import { Emitter } from "./emitter.ts";
import { ConnectionError, MadangError } from "./errors.ts";
import { LocalMedia } from "./media.ts";
import { Session } from "./session.ts";
import type { Carried, JoinOptions, Member, MemberId, Quality, RoomInfo, RoomState, Speaker, Tile, Wanted } from "./types.ts";

export interface RoomEvents {
  state: RoomState;
  /** Who is here; the value is `room.members`. */
  members: readonly Member[];
  /** What is shown; the value is `room.tiles`. */
  tiles: readonly Tile[];
  /** Who speaks, loudest first; at most 5 a second. */
  speakers: readonly Speaker[];
  /** How everyone is connected, the changed ones at most once a second; the value is `room.quality`. */
  quality: ReadonlyMap<MemberId, Quality>;
  /** The browser keeps us from playing sound until the user clicks something: call `room.startAudio()` in that click. */
  audioBlocked: boolean;
  /** Something went wrong outside of a call that could throw. With state `disconnected` or `left` it says why. */
  error: MadangError;
}

export interface RoomOptions {
  /** Origin of the server; default: the page's own. */
  readonly url?: string;
  /** What we publish; default: a new one. It stays yours: leaving the room does not close it. */
  readonly local?: LocalMedia;
}

/** One person's way into one room, through as many sessions as it takes. */
export class Room extends Emitter<RoomEvents> {
  readonly local: LocalMedia;
  readonly chat = new Chat();
  #url: string;
  #state: RoomState = "idle";
  #name = "";
  #me: MemberId = "";
  #members: readonly Member[] = [];
  #tiles: readonly Tile[] = [];
  #speakers: readonly Speaker[] = [];
  #quality: ReadonlyMap<MemberId, Quality> = new Map();
  #audioBlocked = false;
  #lastError: MadangError | undefined;
  #session: Session | undefined;
  #options: JoinOptions | undefined;
  #wanted: readonly Wanted[] | undefined;
  #wasIn = false;
  #pagehide = () => this.leave();

  constructor({ url = location.origin, local = new LocalMedia() }: RoomOptions = {}) {
    super();
    this.#url = url;
    this.local = local;
    local.on("chosen", ({ kind, id }) => {
      if (kind === "speaker") void this.#session?.playback.setSink(id);
    });
  }

  get state(): RoomState { return this.#state; }
  /** Name of the room, once in. */
  get name(): string { return this.#name; }
  /** Our own member id, once authorised. */
  get me(): MemberId { return this.#me; }
  /** Everybody in the room, ourselves included, in the order of arrival. */
  get members(): readonly Member[] { return this.#members; }
  /** Pictures that the server sends us, empty ones included; never our own. */
  get tiles(): readonly Tile[] { return this.#tiles; }
  /** Who speaks, loudest first; empty in silence. */
  get speakers(): readonly Speaker[] { return this.#speakers; }
  /** How well members are connected, of whom the server has said something. */
  get quality(): ReadonlyMap<MemberId, Quality> { return this.#quality; }
  get audioBlocked(): boolean { return this.#audioBlocked; }
  /** Why the session is `disconnected` or `left`, if it was not our own doing. */
  get lastError(): MadangError | undefined { return this.#lastError; }
  /** How often the browser wanted to negotiate after the first offer; stays 0. */
  get negotiationsNeeded(): number { return this.#session?.connection?.negotiationsNeeded ?? 0; }

  /** What joining `room` needs. Throws ConnectionError. */
  static async info(room: string, url = location.origin): Promise<RoomInfo> {
    try {
      const response = await fetch(`${url}/api/rooms/${encodeURIComponent(room)}`);
      if (!response.ok) throw new Error(`status ${response.status}`);
      const { needs }: { needs: string[] } = await response.json();
      return { password: needs.includes("password"), token: needs.includes("token") };
    } catch (error) {
      throw new ConnectionError("unreachable", String(error));
    }
  }

  /** Goes to the lobby: authorised, transport warming up, not yet seen by anyone. Throws ServerError, ConnectionError. */
  async connect(options: JoinOptions): Promise<void> {
    if (!("RTCPeerConnection" in globalThis)) throw new MadangError("unsupported", "this browser has no WebRTC");
    this.#session?.leave();
    this.#options = options;
    this.#lastError = undefined;
    this.#become("connecting");
    const session = (this.#session = this.#newSession());
    addEventListener("pagehide", this.#pagehide);
    await this.#attempt(session, session.connect(options));
    this.#me = session.me;
    this.#become(session.waiting ? "waiting" : "lobby");
  }

  /** From the lobby into the room. Throws ServerError, ConnectionError. */
  async enter(): Promise<void> {
    const session = this.#session;
    if (!session || this.#state !== "lobby") throw new MadangError("conflict", "not in the lobby");
    this.#become("entering");
    this.#name = await this.#attempt(session, session.enter(this.local));
    const speaker = this.local.chosen("speaker");
    if (speaker) void session.playback.setSink(speaker);
    this.#wasIn = true;
    this.#become("in");
    if (this.#wanted) session.view(this.#wanted);
  }

  /** connect and enter in one. */
  async join(options: JoinOptions): Promise<void> {
    await this.connect(options);
    await this.enter();
  }

  /** After `disconnected`: a new session in the same room, with the same name and what is being published. */
  async rejoin(): Promise<void> {
    if (!this.#options) throw new MadangError("conflict", "never joined");
    await this.join(this.#options);
  }

  /** Leaves for good. */
  leave(): void {
    if (!this.#session) return;
    this.#session.leave();
    this.#forget();
    this.#become("left");
  }

  /** Says what is on the screen, most important first. Call whenever the layout changes; the SDK sends few. More tiles than there are slots get more slots. */
  view(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
    if (this.#state === "in") this.#session?.view(wanted);
  }

  /** Call in a click when `audioBlocked`. */
  async startAudio(): Promise<void> {
    await this.#session?.playback.start();
  }

  /** What the browser's connection counts, for a statistics panel; undefined outside of a session. */
  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#session?.connection?.pc.getStats();
  }

  /** What the lines of the connection carry, our own included, by mid, for a statistics panel. */
  get carried(): ReadonlyMap<string, Carried> {
    return this.#session?.carried ?? new Map();
  }

  #newSession(): Session {
    return new Session(`${this.#url.replace(/^http/, "ws")}/ws`, this.chat, {
      members: (members) => this.emit("members", (this.#members = members)),
      tiles: (tiles) => this.emit("tiles", (this.#tiles = tiles)),
      speakers: (speakers) => this.emit("speakers", (this.#speakers = speakers)),
      quality: (quality) => this.emit("quality", (this.#quality = quality)),
      blocked: (blocked) => this.emit("audioBlocked", (this.#audioBlocked = blocked)),
      failed: (error) => this.emit("error", error),
      over: (error, final) => {
        this.#lastError = error;
        this.#forget();
        if (this.#state === "connecting" || this.#state === "entering") return; // connect or enter throws it
        this.#become(final ? "left" : "disconnected");
        this.emit("error", error);
      },
    });
  }

  /** Waits for a step of the way in; a step that fails ends the session. */
  async #attempt<T>(session: Session, step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      if (this.#session && this.#session !== session) throw error; // another try took over
      session.leave();
      this.#forget();
      if (this.#state !== "left") this.#become(this.#wasIn ? "disconnected" : "idle");
      throw this.#lastError ?? (error instanceof MadangError ? error : new ConnectionError("media_failed", String(error)));
    }
  }

  #forget(): void {
    this.#session = undefined;
    removeEventListener("pagehide", this.#pagehide);
    this.emit("members", (this.#members = []));
    this.emit("speakers", (this.#speakers = []));
    this.emit("quality", (this.#quality = new Map()));
  }

  #become(state: RoomState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.emit("state", state);
  }
}
