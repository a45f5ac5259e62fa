import { watchAttention } from "./attention.ts";
import { Chat } from "./chat.ts";
import { Connection } from "./connection.ts";
import type { Off } from "./emitter.ts";
import { ConnectionError, MadangError, ServerError } from "./errors.ts";
import type { LocalMedia } from "./media.ts";
import { Members, qualityAfter, speakersOf } from "./members.ts";
import { watchDecoding } from "./overload.ts";
import { Playback } from "./playback.ts";
import { Publisher } from "./publisher.ts";
import { Socket, serverError } from "./socket.ts";
import { Tiles } from "./tiles.ts";
import type { Carried, JoinOptions, Member, MemberId, Quality, Speaker, Tile, Wanted } from "./types.ts";
import { pairsFor, View } from "./view.ts";
import { version, type Carries, type ChatFromClient, type ChatFromServer, type Joined, type Lobby, type Person, type Told } from "./wire.ts";

/** What a session tells its room. */
export interface SessionEvents {
  members(members: readonly Member[]): void;
  tiles(tiles: readonly Tile[]): void;
  speakers(speakers: readonly Speaker[]): void;
  quality(quality: ReadonlyMap<MemberId, Quality>): void;
  blocked(blocked: boolean): void;
  /** Something went wrong, and the session goes on. */
  failed(error: MadangError): void;
  /** The session is over; `final` if coming back is pointless. */
  over(error: MadangError, final: boolean): void;
}

/** Why the server ends a session for good. */
const finals: ReadonlySet<string> = new Set(["unauthorized", "forbidden", "kicked", "room_gone", "replaced", "room_locked"]);

/** One connection to one room, from hello to bye. It is used once. */
export class Session {
  #events: SessionEvents;
  #socket: Socket;
  #connection: Connection | undefined;
  #publisher: Publisher | undefined;
  #members = new Members("");
  #quality: ReadonlyMap<MemberId, Quality> = new Map();
  #watches: Off[] = [];
  #tiles: Tiles;
  #view: View;
  #lobby: Lobby | undefined;
  #joined: Joined | undefined;
  #name = "";
  #growing: Promise<void> = Promise.resolve();
  #closed = false;
  /** Candidates that were found before the offer was sent. */
  #candidates: string[] | undefined = [];
  readonly playback: Playback;
  /** What each line carries, our own included, by mid. */
  readonly carried = new Map<string, Carried>();

  constructor(url: string, private readonly chat: Chat, events: SessionEvents) {
    this.#events = events;
    this.playback = new Playback((blocked) => events.blocked(blocked));
    this.#tiles = new Tiles((tiles) => events.tiles(tiles));
    this.#view = new View((tiles) => this.#socket.send({ t: "view", tiles }));
    this.#socket = new Socket(url, (message) => this.#told(message), (error) => this.#end(error));
  }

  get me(): string { return this.#lobby?.you ?? ""; }
  get waiting(): boolean { return this.#lobby?.state === "waiting"; }
  get connection(): Connection | undefined { return this.#connection; }

  /** From nothing to the lobby: authorised, with a transport that warms up. */
  async connect({ room, name, password, token, lang }: JoinOptions): Promise<void> {
    this.#name = name;
    await this.#socket.opened();
    const ask = { v: version, room, name, ...(password && { password }), ...(token && { token }), ...(lang && { lang }) };
    this.#lobby = await this.#socket.request("hello", ask).answer;
    const connection = (this.#connection = new Connection(this.#lobby, {
      candidate: (text) => this.#candidate(text),
      state: (state) => {
        if (state === "failed") this.#end(new ConnectionError("media_failed", "no way for sound and pictures"));
      },
    }));
    connection.chat.onmessage = (event) => this.#heardChat(event.data);
    const offer = await connection.offer();
    for (const [mid, source] of Object.entries(offer.lines)) this.carried.set(mid, { member: this.me, source });
    const { id, answer } = this.#socket.request("join", offer);
    this.#sendCandidates();
    this.#joined = await answer;
    await connection.answer(this.#joined.sdp);
    this.#takeLines(id);
  }

  /** From the lobby into the room. Resolves with the room's name. */
  async enter(local: LocalMedia): Promise<string> {
    const welcome = await this.#socket.request("enter", {}).answer;
    this.#publisher = new Publisher(local, this.#connection!, this.#lobby!.bitrates, (source, state) => {
      this.#socket.send({ t: "publish", source, state });
    });
    this.#watches = [
      watchAttention((seen) => this.#view.look(seen)),
      watchDecoding(this.#connection!.pc, (scale) => this.#view.scale(scale)),
    ];
    this.#members = new Members(this.me);
    this.#members.apply(welcome.people);
    this.#events.members(this.#members.list);
    const send = (message: ChatFromClient) => this.#sendChat(message);
    this.chat.start({ send, me: this.me, name: this.#name }, welcome.chat.epoch, welcome.chat.last);
    return welcome.room.name;
  }

  /** Says what is on the screen; more tiles than slots get more slots. */
  view(wanted: readonly Wanted[]): void {
    this.#view.set(wanted);
    this.#growing = this.#growing.then(() => this.#grow(wanted.length)).catch((error) => this.#events.failed(error));
  }

  /** Leaves for good. */
  leave(): void {
    this.#socket.send({ t: "bye" });
    this.#close();
  }

  async #grow(tiles: number): Promise<void> {
    const connection = this.#connection!;
    const count = pairsFor(tiles, connection.pairs.length, this.#joined!.limits.pairs);
    if (this.#closed || (count === connection.pairs.length && connection.settled)) return;
    connection.grow(count);
    const { id, answer } = this.#socket.request("offer", await connection.offer());
    await connection.answer((await answer).sdp);
    this.#takeLines(id);
  }

  /** The answer to the request is applied: what it added is shown and played, and may be fed. */
  #takeLines(request: string): void {
    const { pairs, voices } = this.#connection!;
    this.#tiles.add(pairs);
    this.playback.play([...pairs.map(({ audio }) => audio), ...voices]);
    this.#socket.send({ t: "ready", re: request });
  }

  #told(message: Told): void {
    switch (message.t) {
      case "slots":
        return this.#carry(message as Record<string, Carries>);
      case "people":
        return this.#people(message);
      case "speakers":
        return this.#events.speakers(speakersOf(message.levels));
      case "quality":
        return this.#fare(qualityAfter(this.#quality, message));
      case "want":
        return this.#publisher?.want(message.source, message.layers);
      case "ice":
        return void this.#connection?.addCandidate(message.candidate);
      case "bye":
        return this.#end(new ServerError(message.code ?? "forbidden", "the server ended the session"), true);
      case "msg": case "caught-up": case "del": case "typing":
        return this.chat.receive(message);
      case "error":
        if (message.cid) this.chat.receive(message);
        else this.#events.failed(serverError(message));
    }
  }

  #carry(slots: Readonly<Record<string, Carries>>): void {
    for (const [mid, carries] of Object.entries(slots)) {
      if (typeof carries === "object") this.carried.set(mid, carries); // not `t` and `seq`
    }
    this.#tiles.carry(slots);
  }

  #people({ add = [], set = [], del = [] }: { add?: Person[]; set?: Person[]; del?: MemberId[] }): void {
    this.#members.apply([...add, ...set], del);
    this.#events.members(this.#members.list);
    if (del.some((id) => this.#quality.has(id))) this.#fare(new Map([...this.#quality].filter(([id]) => !del.includes(id))));
  }

  #fare(quality: ReadonlyMap<MemberId, Quality>): void {
    this.#quality = quality;
    this.#events.quality(quality);
  }

  /** One message, or several that were due together. */
  #heardChat(data: unknown): void {
    try {
      const messages: ChatFromServer | ChatFromServer[] = JSON.parse(String(data));
      for (const message of [messages].flat()) this.chat.receive(message);
    } catch (error) {
      this.#events.failed(new MadangError("bad_message", String(error)));
    }
  }

  #sendChat(message: ChatFromClient): boolean {
    const channel = this.#connection?.chat;
    if (channel?.readyState !== "open") return this.#socket.send(message);
    channel.send(JSON.stringify(message));
    return true;
  }

  #candidate(text: string): void {
    if (this.#candidates) this.#candidates.push(text);
    else this.#socket.send({ t: "ice", candidate: text });
  }

  #sendCandidates(): void {
    const candidates = this.#candidates ?? [];
    this.#candidates = undefined;
    for (const text of candidates) this.#candidate(text);
  }

  #end(error: MadangError, final = finals.has(error.code)): void {
    if (this.#closed) return;
    this.#close();
    this.#events.over(error, final);
  }

  #close(): void {
    this.#closed = true;
    this.#socket.close();
    this.#publisher?.close();
    for (const off of this.#watches) off();
    this.#view.close();
    this.chat.stop();
    this.#tiles.close();
    this.playback.close();
    this.#connection?.close();
  }
}
