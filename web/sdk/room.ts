import { Backoff } from "./backoff.ts";
import { Chat } from "./chat.ts";
import { Emitter } from "./emitter.ts";
import { ConnectionError, MadangError, ServerError } from "./errors.ts";
import type { RoomEvents } from "./events.ts";
import { greet } from "./greeting.ts";
import { forget, keep, keptOf } from "./kept.ts";
import { LocalMedia } from "./media.ts";
import { type Ask, Moderation } from "./moderation.ts";
import { pause, whileBusy } from "./queue.ts";
import { isFinal, Recovery } from "./recovery.ts";
import { Session, type SessionEvents } from "./session.ts";
import { outside } from "./standing.ts";
import type {
  Carried, JoinOptions, Member, MemberId, Quality, Returning, RoomInfo, RoomOptions, RoomState, Speaker, Standing, Tile, Wanted,
} from "./types.ts";
import { watchWaking } from "./wake.ts";
import type { Resume } from "./wire.ts";

/** How a step is asked for that the server may refuse for now. */
type Asking = <T>(ask: () => Promise<T>) => Promise<T>;

/** What the first hello and those that look for a way back wait for each answer, in milliseconds. */
const patience = { first: 20_000, again: 4000 };
/** Who is not let in within this time, in milliseconds, is shown to wait: where the lobby said so, and where it did not. */
const notYetIn = { waiting: 300, in: 3000 };
/** How often it is kept what a page that is loaded anew needs. */
const keepEvery = 5000;

/** One person's way into one room, through as many sessions as it takes. */
export class Room extends Emitter<RoomEvents> {
  /** What we publish. */
  readonly local: LocalMedia;
  /** What is written, over all sessions. */
  readonly chat = new Chat();
  /** For those who keep order. */
  readonly moderation = new Moderation((t, ask) => this.#ask(t, ask));
  #url: string;
  #state: RoomState = "idle";
  #name = "";
  #me: MemberId = "";
  #members: readonly Member[] = [];
  #tiles: readonly Tile[] = [];
  #speakers: readonly Speaker[] = [];
  #quality: ReadonlyMap<MemberId, Quality> = new Map();
  #standing: Standing = outside;
  #audioBlocked = false;
  #lastError: MadangError | undefined;
  #session: Session | undefined;
  #options: JoinOptions | undefined;
  #wanted: readonly Wanted[] | undefined;
  /** From `connect` to the end of it all. */
  #visit: AbortController | undefined;
  #recovery: Recovery | undefined;
  #broken = false;
  #address = "";
  /** The memory of the server that we were in. */
  #epoch = "";

  constructor({ url = location.origin, local = new LocalMedia() }: RoomOptions = {}) {
    super();
    this.#url = url;
    this.local = local;
    local.on("chosen", ({ kind, id }) => {
      if (kind === "speaker") void this.#session?.playback.setSink(id);
    });
  }

  /** Where we stand. */
  get state(): RoomState { return this.#state; }
  /** Name of the room, once in. */
  get name(): string { return this.#name; }
  /** Our own member id, once authorised. */
  get me(): MemberId { return this.#me; }
  /** Everybody in the room, ourselves included, in the order of arrival. After the server began anew those who are not back yet stand as reconnecting for a while. */
  get members(): readonly Member[] { return this.#members; }
  /** Pictures that the server sends us, empty ones included; never our own. */
  get tiles(): readonly Tile[] { return this.#tiles; }
  /** Who speaks, loudest first; empty in silence. */
  get speakers(): readonly Speaker[] { return this.#recovery?.away ? [] : this.#speakers; }
  /** How well members are connected, of whom the server has said something. */
  get quality(): ReadonlyMap<MemberId, Quality> { return this.#quality; }
  /** What we may do in the room, and how it is run. */
  get standing(): Standing { return this.#standing; }
  /** Does the browser keep us from playing sound until the user clicks something: see `startAudio`. */
  get audioBlocked(): boolean { return this.#audioBlocked; }
  /** Why we are `reconnecting` or have `left`, if it was not our own doing. */
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

  /**
   * Was this tab in the room a moment ago, before it was loaded anew: then
   * joining goes on as the same member. Undefined otherwise.
   */
  static returning(room: string, url = location.origin): Returning | undefined {
    return keptOf(url, room);
  }

  /** Goes to the lobby: authorised, transport warming up, not yet seen by anyone. Waits its turn where the server is busy, see `queued`. Throws ServerError, ConnectionError. */
  async connect(options: JoinOptions): Promise<void> {
    if (!("RTCPeerConnection" in globalThis)) throw new MadangError("unsupported", "this browser has no WebRTC");
    this.#session?.leave();
    this.#drop("connecting");
    this.#options = options;
    this.#lastError = undefined;
    this.#address = this.#home;
    const visit = (this.#visit = new AbortController());
    const session = keptOf(this.#url, options.room)?.session;
    const patiently = <T>(ask: () => Promise<T>) => whileBusy(ask, visit.signal, (until) => this.emit("queued", until));
    await this.#step(visit, this.#greet(visit, patience.first, session ? { session, seq: 0 } : undefined, patiently));
    this.#become("lobby");
  }

  /**
   * From the lobby into the room. Where somebody must let us in the state is `waiting` until they do, however long
   * that takes and whatever happens to the connection; `leave` gives up. By another `name` than that of `connect` if one is given. Throws ServerError (`forbidden`: we are not let in), ConnectionError.
   */
  async enter(name?: string): Promise<void> {
    const visit = this.#visit;
    if (!visit || this.#state !== "lobby") throw new MadangError("conflict", "not in the lobby");
    if (name !== undefined) this.#options = { ...this.#options!, name };
    this.#become("entering");
    await this.#step(visit, this.#beLetIn(visit));
    this.#recovery = new Recovery({
      attempt: () => this.#attempt(visit),
      changed: () => this.#show(),
      over: (error) => this.#end(error),
    });
    this.#watch(visit.signal);
    this.#show();
  }

  /** connect and enter in one. */
  async join(options: JoinOptions): Promise<void> {
    await this.connect(options);
    await this.enter();
  }

  /** Leaves for good. */
  leave(): void {
    if (this.#visit) this.#end();
  }

  /** Says what is on the screen, most important first. Call whenever the layout changes; the SDK sends few. More tiles than there are slots get more slots. */
  view(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
    if (this.#recovery) this.#session?.view(wanted);
  }

  /** Raises or takes down our hand. Throws ServerError, ConnectionError. */
  async hand(up: boolean): Promise<void> { await this.#ask("hand", { up }); }

  /** Shows one emoji (at most 32 bytes of UTF-8) to everybody for a moment; two a second are enough. Throws ServerError, ConnectionError. */
  async react(emoji: string): Promise<void> { await this.#ask("react", { emoji }); }

  /** Goes on with another token, of the same room and identity, before the one that we came in with expires. Throws ServerError, ConnectionError. */
  async refreshToken(token: string): Promise<void> {
    await this.#ask("token", { token });
    this.#options = { ...this.#options!, token };
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

  get #home(): string {
    return `${this.#url.replace(/^http/, "ws")}/ws`;
  }

  /** Says hello; goes on with the session that is resumed, or warms up a new one. `asking` may ask the server again. */
  async #greet(visit: AbortController, patience: number, resume: Resume | undefined, asking: Asking = (ask) => ask()): Promise<void> {
    const { room, name, password, token, lang } = this.#options!;
    const hello = { room, name, ...(password && { password }), ...(token && { token }), ...(lang && { lang }) };
    const greeting = await asking(() => greet(this.#address, hello, resume, patience, visit.signal));
    if (this.#session && greeting.lobby.resumed) return this.#session.resume(greeting);
    this.#session?.close();
    const session = (this.#session = new Session(greeting, name, this.chat, this.#awaited(greeting.lobby.epoch), this.#events()));
    this.#broken = false;
    this.#speakers = [];
    this.#me = session.me;
    await asking(() => session.join());
  }

  /** Who was here, if the server has forgotten it. */
  #awaited(epoch: string): readonly Member[] {
    return this.#recovery && epoch !== this.#epoch ? this.#members : [];
  }

  async #enter(): Promise<void> {
    const session = this.#session!;
    const wait = session.waiting ? notYetIn.waiting : notYetIn.in;
    const timer = session.waiting || !this.#recovery ? setTimeout(() => this.#become("waiting"), wait) : undefined;
    this.#name = await session.enter(this.local, this.#options!.name).finally(() => clearTimeout(timer));
    this.#epoch = session.epoch;
    const speaker = this.local.chosen("speaker");
    if (speaker) void session.playback.setSink(speaker);
    if (this.#wanted) session.view(this.#wanted);
    this.#keep();
  }

  /** Enters; while we wait to be let in, over as many connections as it takes. */
  async #beLetIn(visit: AbortController): Promise<void> {
    const backoff = new Backoff();
    for (;;) {
      try {
        return await this.#enter();
      } catch (error) {
        if (this.#state !== "waiting" || error instanceof ServerError || isFinal(this.#lastError)) throw error;
      }
      await this.#waitOn(visit, backoff);
    }
  }

  /** Finds back to where we wait, which is kept for us. */
  async #waitOn(visit: AbortController, backoff: Backoff): Promise<void> {
    for (;;) {
      await pause(backoff.wait(Date.now()), visit.signal);
      backoff.began(Date.now());
      try {
        await this.#greet(visit, patience.again, this.#session?.resumption);
        this.#lastError = undefined;
        return;
      } catch (error) {
        if (isFinal(error) || visit.signal.aborted) throw (this.#lastError = error as MadangError);
        backoff.failed(Date.now(), error instanceof ServerError, error instanceof ServerError ? error.retryMs : undefined);
      }
    }
  }

  /** One attempt to be in the room again: with the session that we have, or a new one if the server has forgotten it. */
  async #attempt(visit: AbortController): Promise<void> {
    const before = this.#session;
    try {
      await this.#greet(visit, patience.again, before?.resumption);
      if (this.#session !== before) await this.#enter();
    } catch (error) {
      this.#address = this.#home; // where we were sent nobody may be
      if (this.#session !== before) {
        this.#session?.leave();
        this.#session = undefined;
      }
      this.#show();
      throw error;
    }
  }

  readonly #ask: Ask = async (t, ask) => {
    if (!this.#session || !this.#recovery) throw new MadangError("conflict", "not in the room");
    return this.#session.ask(t, ask);
  };

  #events(): SessionEvents {
    return {
      members: (members) => this.emit("members", (this.#members = members)),
      tiles: (tiles) => this.emit("tiles", (this.#tiles = tiles)),
      speakers: (speakers) => this.emit("speakers", (this.#speakers = speakers)),
      quality: (quality) => this.emit("quality", (this.#quality = quality)),
      standing: (standing) => this.emit("standing", (this.#standing = standing)),
      reaction: (reaction) => this.emit("reaction", reaction),
      muted: (muted) => this.emit("muted", muted),
      asked: (asked) => this.emit("asked", asked),
      expires: (at) => this.emit("expires", at),
      returns: (token) => void (this.#options = { ...this.#options!, token }),
      blocked: (blocked) => this.emit("audioBlocked", (this.#audioBlocked = blocked)),
      failed: (error) => this.emit("error", error),
      broken: (broken) => this.#break(broken),
      lost: (error) => this.#lost(error),
      moves: (inMs, url) => this.#move(inMs, url),
      over: (error) => this.#end(error),
    };
  }

  #lost(error: MadangError): void {
    if (isFinal(error)) return this.#end(error);
    this.#lastError = error;
    if (this.#state === "connecting" || this.#state === "entering" || this.#state === "waiting") return; // connect or enter deals with it
    if (this.#recovery) this.#recovery.lost();
    else this.#drop("idle");
    this.emit("error", error);
  }

  #break(broken: boolean): void {
    if (broken === this.#broken) return;
    this.#broken = broken;
    if (broken) {
      this.#lastError = new ConnectionError("media_failed", "no way for sound and pictures");
      this.emit("error", this.#lastError);
    }
    this.#show();
  }

  /** Goes on at `url` within that time, not with all others at once. */
  #move(inMs: number, url: string): void {
    const session = this.#session;
    setTimeout(() => {
      if (session !== this.#session || !this.#recovery) return;
      this.#address = url;
      session?.leave();
      this.#session = undefined;
      this.#recovery.lost();
    }, Math.random() * inMs);
  }

  /** Notices what happens to the page and to its network. */
  #watch(signal: AbortSignal): void {
    const keeping = setInterval(() => this.#keep(), keepEvery);
    const off = watchWaking((elsewhere) => {
      this.#recovery?.hurry();
      this.#session?.wake(elsewhere);
    });
    const hide = () => {
      this.#keep();
      this.#session?.hide();
    };
    addEventListener("pagehide", hide, { signal });
    signal.addEventListener("abort", () => (clearInterval(keeping), off()));
  }

  #keep(): void {
    const { room, name } = this.#options!;
    const { mic, camera } = this.local;
    const session = this.#session?.resumption.session;
    if (session) keep({ url: this.#url, room, name, session, mic: mic.state === "live", camera: camera.state === "live" });
  }

  /** Waits for a step of the way in; a step that fails ends the visit. */
  async #step(visit: AbortController, step: Promise<void>): Promise<void> {
    try {
      await step;
    } catch (error) {
      const why = this.#lastError ?? (error instanceof MadangError ? error : new ConnectionError("media_failed", String(error)));
      if (this.#visit === visit) { // neither over nor another one
        this.#session?.leave();
        this.#drop("idle");
      }
      throw why;
    }
  }

  #end(error?: MadangError): void {
    if (error) this.#lastError = error;
    else this.#session?.leave();
    forget();
    this.#drop("left");
    if (error) this.emit("error", error);
  }

  #drop(next: RoomState): void {
    this.#visit?.abort();
    this.#recovery?.stop();
    this.#session?.close();
    this.#visit = this.#recovery = this.#session = undefined;
    this.#broken = false;
    this.emit("members", (this.#members = []));
    this.emit("tiles", (this.#tiles = []));
    this.emit("speakers", (this.#speakers = []));
    this.emit("quality", (this.#quality = new Map()));
    this.emit("standing", (this.#standing = outside));
    this.#become(next);
  }

  /** Are we in, or looking for a way back: who speaks meanwhile is not known. */
  #show(): void {
    this.emit("speakers", this.speakers);
    if (this.#recovery) this.#become(this.#recovery.away || this.#broken ? "reconnecting" : "in");
  }

  #become(state: RoomState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.emit("state", state);
  }
}
