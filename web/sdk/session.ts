import { Allowance } from "./allowance.ts";
import { watchAttention } from "./attention.ts";
import { Chat } from "./chat.ts";
import { Connection } from "./connection.ts";
import type { Off } from "./emitter.ts";
import { ConnectionError, MadangError, type ErrorCode } from "./errors.ts";
import type { Greeting } from "./greeting.ts";
import type { LocalMedia } from "./media.ts";
import { Members, qualityAfter, speakersOf } from "./members.ts";
import { Offers } from "./offers.ts";
import { watchDecoding } from "./overload.ts";
import { Path } from "./path.ts";
import { Playback } from "./playback.ts";
import { Publisher } from "./publisher.ts";
import { type Socket, serverError } from "./socket.ts";
import { outside, standingAfter, standingOf } from "./standing.ts";
import { Tiles } from "./tiles.ts";
import type { Asked, Carried, Member, MemberId, Muted, Quality, Reaction, Speaker, Standing, Tile, Wanted } from "./types.ts";
import { pairsFor, View } from "./view.ts";
import type { Carries, ChatFromClient, ChatFromServer, Joined, Lobby, Numbered, Person, Requests, Resume, Told, Welcome } from "./wire.ts";

/** What a session tells its room. */
export interface SessionEvents {
  members(members: readonly Member[]): void;
  tiles(tiles: readonly Tile[]): void;
  speakers(speakers: readonly Speaker[]): void;
  quality(quality: ReadonlyMap<MemberId, Quality>): void;
  standing(standing: Standing): void;
  reaction(reaction: Reaction): void;
  muted(muted: Muted): void;
  asked(asked: Asked): void;
  /** Our token expires at this time. */
  expires(at: number): void;
  /** We have a token to come back with, in place of the invitation that we came in with. */
  returns(token: string): void;
  blocked(blocked: boolean): void;
  /** Something went wrong, and the session goes on. */
  failed(error: MadangError): void;
  /** Sound and pictures find no way, or one again. */
  broken(broken: boolean): void;
  /** The WebSocket is lost; the session may stand, see `resume`. */
  lost(error: MadangError): void;
  /** The room is to go on elsewhere, within that time. */
  moves(inMs: number, url: string): void;
  /** The server has ended the session. */
  over(error: MadangError): void;
}

/** How long a page that may be loaded anew stays a member, in milliseconds. */
const hold = 600;
/** How long those are waited for who were here before a server began anew, in milliseconds. */
const awaiting = 10_000;
/** Who waits to be let in waits for long, in milliseconds: the most that a timer takes. */
const asLongAsItTakes = 2 ** 31 - 1;
/** What a `bye` of the server means, by its code. */
const meanings: Readonly<Partial<Record<ErrorCode, "kicked" | "room_gone" | "expired">>> = {
  forbidden: "kicked", not_found: "room_gone", unauthorized: "expired",
};
/** How soon a server must give a sign of life where the network may be another one. */
const doubt = 2000;

/** One connection to one room, from the lobby to bye, over as many WebSockets as it takes. It is used once. */
export class Session {
  #events: SessionEvents;
  #socket!: Socket;
  #connection: Connection | undefined;
  #offers: Offers | undefined;
  #publisher: Publisher | undefined;
  #allowance: Allowance | undefined;
  #standing: Standing = outside;
  #members: Members;
  #quality: ReadonlyMap<MemberId, Quality> = new Map();
  #watches: Off[] = [];
  #settling: ReturnType<typeof setTimeout> | undefined;
  #tiles: Tiles;
  #view: View;
  #lobby: Lobby;
  #joined: Joined | undefined;
  #path: Path;
  /** The last that was told of the room. */
  #seq = 0;
  #closed = false;
  readonly playback: Playback;
  /** What each line carries, our own included, by mid. */
  readonly carried = new Map<string, Carried>();

  /** `before` are those who may be back soon, if the server has forgotten everybody. */
  constructor({ socket, lobby }: Greeting, private readonly greetedAs: string, private readonly chat: Chat, before: readonly Member[], events: SessionEvents) {
    this.#events = events;
    this.#lobby = lobby;
    this.#members = new Members(lobby.you, before);
    this.playback = new Playback((blocked) => events.blocked(blocked));
    this.#tiles = new Tiles((tiles) => this.#closed || events.tiles(tiles));
    this.#view = new View((tiles) => this.#socket.send({ t: "view", tiles }));
    this.#path = new Path(() => this.#offers?.restart(), (broken) => events.broken(broken));
    this.#listen(socket);
  }

  get me(): string { return this.#lobby.you; }
  get epoch(): string { return this.#lobby.epoch; }
  get waiting(): boolean { return this.#lobby.state === "waiting"; }
  get connection(): Connection | undefined { return this.#connection; }
  /** What to say in the next hello to go on. */
  get resumption(): Resume { return { session: this.#lobby.session, seq: this.#seq }; }

  /** In the lobby: a transport warms up. What was refused may be tried again. */
  async join(): Promise<void> {
    const connection = (this.#connection ??= this.#connect());
    this.#joined = await this.#offers!.join();
    for (const [mid, source] of Object.entries(connection.lines)) this.carried.set(mid, { member: this.me, source });
  }

  /** From the lobby into the room, once somebody lets us in where that is asked. Resolves with the room's name. */
  async enter(local: LocalMedia, name: string): Promise<string> {
    const welcome = await this.#socket.request("enter", name === this.greetedAs ? {} : { name }, asLongAsItTakes).answer;
    const allowance = (this.#allowance = new Allowance(local));
    this.#stand(standingOf(welcome));
    this.#publisher = new Publisher(local, this.#connection!, this.#lobby.bitrates, (source, state) => {
      this.#socket.send({ t: "publish", source, state });
    }, (source) => allowance.allows(source));
    this.#watches = [
      watchAttention((seen) => this.#view.look(seen)),
      watchDecoding(this.#connection!.pc, (scale) => this.#view.scale(scale)),
    ];
    this.#seq = welcome.seq;
    this.#people({ add: welcome.people });
    this.#settling = setTimeout(() => this.#settle(), awaiting);
    const send = (message: ChatFromClient) => this.#sendChat(message);
    this.chat.start({ send, me: this.me, name }, welcome.chat.epoch, welcome.chat.last);
    return welcome.room.name;
  }

  /** Says what is on the screen; more tiles than slots get more slots. */
  view(wanted: readonly Wanted[]): void {
    this.#view.set(wanted);
    const connection = this.#connection!;
    const count = pairsFor(wanted.length, connection.pairs.length, this.#joined!.limits.pairs);
    if (count > connection.pairs.length) connection.grow(count);
    this.#offers!.make();
  }

  /** Asks the server for something, and resolves with its answer. */
  ask<T extends keyof Requests>(t: T, ask: Requests[T]["ask"]): Promise<Requests[T]["answer"]> {
    return this.#socket.request(t, ask).answer;
  }

  /** Goes on over a new WebSocket, whose hello the server took for ours. What was said last may not have come through: it is said again. */
  resume({ socket, lobby }: Greeting): void {
    this.#socket.abandon();
    this.#listen(socket);
    this.#connection!.useServers(lobby.ice);
    this.#publisher?.again();
    this.#view.again();
    this.chat.catchUp();
    this.#offers!.make();
  }

  /** The page may have missed something: is the server still there; and where the network may be another one, so may be our way through it. */
  wake(elsewhere: boolean): void {
    this.#socket.probe(doubt);
    if (elsewhere) this.#offers!.restart();
  }

  /** The page goes, and comes back at once if it is loaded anew. */
  hide(): void {
    this.#socket.send({ t: "bye", hold_ms: hold });
  }

  /** Leaves for good. */
  leave(): void {
    this.#socket.send({ t: "bye" });
    this.close();
  }

  close(): void {
    this.#closed = true;
    this.#socket.close();
    this.#path.close();
    this.#publisher?.close();
    this.#allowance?.close();
    for (const off of this.#watches) off();
    clearTimeout(this.#settling);
    this.#view.close();
    this.chat.stop();
    this.#tiles.close();
    this.playback.close();
    this.#connection?.close();
  }

  #connect(): Connection {
    const connection = new Connection(this.#lobby, {
      candidate: (text) => offers.candidate(text),
      state: (state) => this.#media(state),
    });
    connection.chat.onmessage = (event) => this.#heardChat(event.data);
    const offers = (this.#offers = new Offers(connection, {
      socket: () => this.#socket,
      applied: (request) => this.#takeLines(request),
      failed: (error) => this.#events.failed(error),
    }));
    return connection;
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    socket.told = (message) => this.#told(message);
    socket.closed = (error) => {
      this.chat.interrupt();
      this.#events.lost(error);
    };
  }

  #media(state: RTCPeerConnectionState): void {
    if (state === "disconnected") this.#socket.probe(doubt);
    this.#path.state(state);
  }

  #settle(): void {
    if (this.#members.settle()) this.#events.members(this.#members.list);
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
      case "welcome": case "slots": case "people": case "speakers": case "quality": case "want":
      case "may": case "waiting": case "lock": case "slow": case "spotlight": case "react": case "mute": case "unmute":
        if (message.seq <= this.#seq) return; // told before, on another WebSocket
        this.#seq = message.seq;
        return this.#numbered(message);
      case "ice":
        return void this.#connection?.addCandidate(message.candidate);
      case "goaway": // without another address we stay until it closes
        return message.url === undefined ? undefined : this.#events.moves(message.in_ms, message.url);
      case "moved":
        return this.#events.moves(0, message.url);
      case "bye":
        return this.#events.over(new ConnectionError(meanings[message.code ?? "forbidden"] ?? "kicked", "the server ended the session"));
      case "token":
        if (message.token !== undefined) return this.#events.returns(message.token);
        return this.#events.expires(Date.now() + message.expires_in_ms);
      case "msg": case "caught-up": case "del": case "clear": case "typing":
        return this.chat.receive(message);
      case "error":
        if (message.cid) this.chat.receive(message);
        else this.#events.failed(serverError(message));
    }
  }

  #numbered(message: Numbered): void {
    switch (message.t) {
      case "welcome": // in place of all that was told before
        this.#members = new Members(this.me);
        this.#stand(standingOf(message as Welcome));
        return this.#people({ add: message.people });
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
      case "may": case "waiting": case "lock": case "slow": case "spotlight":
        return this.#stand(standingAfter(this.#standing, message));
      case "react":
        return this.#events.reaction({ member: message.member, emoji: message.emoji });
      case "mute": {
        const { source, hold = false, by } = message;
        this.#allowance?.silence(source, hold);
        return this.#events.muted({ source, hold, ...(by && { by }) });
      }
      case "unmute":
        this.#allowance?.release(message.source);
        return this.#events.asked({ source: message.source, ...(message.by && { by: message.by }) });
    }
  }

  #stand(standing: Standing): void {
    this.#standing = standing;
    this.#allowance?.permit(standing.may);
    this.#events.standing(standing);
  }

  #carry(slots: Readonly<Record<string, Carries>>): void {
    for (const [mid, carries] of Object.entries(slots)) {
      if (typeof carries === "object") this.carried.set(mid, carries); // not `t` and `seq`
    }
    this.#tiles.carry(slots);
  }

  #people({ add = [], set = [], del = [] }: { add?: Person[]; set?: Person[]; del?: MemberId[] }): void {
    this.#members.apply([...add, ...set], del);
    const me = [...add, ...set].find(({ id }) => id === this.me);
    if (me) this.#allowance?.hold(me.held ?? []);
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
}
