// One visit of one room as signals: what components read and the few things
// they ask for.

import { batch, computed, effect, signal } from "@preact/signals";
import {
  type Carried, type ChatMessage, type ErrorCode, type JoinOptions, MadangError, type Member, type MemberId, type Off, type Quality, type Returning, type RoomState,
  type Speaker, type Tile, type Wanted,
} from "../sdk/index.ts";
import type { Backend, RoomPort } from "./backend.ts";
import { Conduct, placesOf } from "./conduct.ts";
import { Devices } from "./devices.ts";
import { dropInvitation } from "./invitation.ts";
import type { News } from "./room/announce.ts";
import { StageChoices } from "./stage/choices.ts";
import { Warmth } from "./warmth.ts";

/** What the panel beside the stage shows. */
export type Panel = "chat" | "people" | "settings" | "statistics" | undefined;

/** What is being written. */
export interface Draft {
  readonly text: string;
  /** To whom only; absent: to everybody. The name stays when they have left. */
  readonly to?: Pick<Member, "id" | "name"> | undefined;
  /** The id of the line that it answers. */
  readonly reply?: string | undefined;
}

/** Why joining failed, as a code with words in every language. `denied`: who keeps the door sent us away. */
export type Refusal = ErrorCode | "unknown" | "denied" | "badInvitation";

export class Session {
  readonly roomName: string;
  readonly devices: Devices;
  readonly conduct = new Conduct();
  readonly stage = new StageChoices();
  readonly state = signal<RoomState>("idle");
  readonly members = signal<readonly Member[]>([]);
  /** The places of those whose hand is up, from one. */
  readonly places = computed(() => placesOf(this.members.value));
  /** Oneself, once in the room. */
  readonly self = computed(() => this.members.value.find(({ me }) => me));
  readonly tiles = signal<readonly Tile[]>([]);
  readonly speakers = signal<readonly Speaker[]>([]);
  readonly quality = signal<ReadonlyMap<MemberId, Quality>>(new Map());
  readonly audioBlocked = signal(false);
  readonly messages = signal<readonly ChatMessage[]>([]);
  readonly caughtUp = signal(false);
  readonly typing = signal<readonly MemberId[]>([]);
  readonly panel = signal<Panel>(undefined);
  /** No pictures are asked for, see `hearOnly`. */
  readonly soundOnly = signal(false);
  readonly draft = signal<Draft>({ text: "" });
  /** Set while the page, loaded anew, goes back into the room where it was. */
  readonly returning;
  /** The page was loaded anew for this visit: nobody clicked anything to come here. */
  readonly cameBack;
  /** Why the last attempt to join failed, or why we are out or out of reach. */
  readonly refusal = signal<Refusal | undefined>(undefined);
  /** An attempt to join is under way. */
  readonly joining = signal(false);
  /** The server is busy: when joining is tried again (milliseconds since 1970). */
  readonly queued = signal<number | undefined>(undefined);
  /** What this tab came with; it needs no password. */
  readonly invitation;
  /** Did the user leave by their own wish. */
  readonly leftByChoice = signal(false);

  // When the newest line that was on the screen was stamped. Not its place: those
  // begin anew with every memory of the server.
  readonly #seen = signal(0);
  readonly unread = computed(() =>
    this.messages.value.filter((message) => !message.mine && message.at > this.#seen.value).length);

  readonly #warmth: Warmth;
  readonly #stopSeeing: () => void;
  #room: RoomPort | undefined;
  /** What is on the screen, and was our camera on before there was only sound. */
  #wanted: readonly Wanted[] = [];
  #hadCamera = false;
  /** For somebody to let us in, in the last attempt to join. */
  #waited = false;
  #offs: Off[] = [];
  readonly #listeners = new Set<(news: News) => void>();

  constructor(backend: Backend, roomName: string, invitation?: string) {
    this.roomName = roomName;
    this.invitation = signal(invitation);
    const local = backend.local();
    this.#warmth = new Warmth(() => backend.room(local));
    this.returning = signal(backend.returning(roomName));
    this.cameBack = this.returning.peek() !== undefined;
    this.devices = new Devices(local);
    this.#stopSeeing = effect(() => {
      if (this.panel.value === "chat") this.#seen.value = newest(this.messages.value);
    });
  }

  get me(): MemberId {
    return this.#room?.me ?? "";
  }

  get chat(): RoomPort["chat"] | undefined {
    return this.#room?.chat;
  }

  /** For those who keep order. */
  get moderation(): RoomPort["moderation"] | undefined {
    return this.#room?.moderation;
  }

  /** Opens the chat to write to one member only. */
  writeTo({ id, name }: Pick<Member, "id" | "name">): void {
    batch(() => {
      this.draft.value = { text: this.draft.value.text, to: { id, name } };
      this.panel.value = "chat";
    });
  }

  /** Raises our hand, or takes it down. */
  async turnHand(): Promise<void> {
    await this.#quietly((room) => room.hand(this.self.value?.hand === undefined));
  }

  async react(emoji: string): Promise<void> {
    await this.#quietly((room) => room.react(emoji));
  }

  /** In the lobby: makes the connection ready, and keeps it so. The name may be another when one joins. */
  warm(name: string, lang: string): void {
    this.#warmth.begin(this.#options(name, lang));
  }

  /** Lets go of the connection that is ready. */
  cool(): void {
    this.#warmth.end();
  }

  /** From the lobby into the room. */
  async join(name: string, password: string, lang: string): Promise<void> {
    if (password) this.cool(); // it was made without
    const { room, join } = this.#warmth.take();
    this.#watch(room);
    await this.#attempt(() => join({ ...this.#options(name, lang), ...(password && { password }) }));
  }

  /** Gives up joining, and stays in the lobby. */
  cancel(): void {
    const room = this.#room;
    this.#unwatch();
    this.#room = undefined;
    room?.leave();
    batch(() => {
      this.state.value = "idle";
      this.queued.value = undefined;
    });
  }

  /** After the page was loaded anew: in again, as who one was. */
  async comeBack({ name }: Returning, lang: string): Promise<void> {
    await this.join(name, "", lang);
    this.returning.value = undefined;
  }

  /** Leaves for good. */
  leave(): void {
    this.leftByChoice.value = true;
    this.panel.value = undefined;
    this.#room?.leave();
    this.devices.close();
  }

  /** Ends the visit: the page goes elsewhere. */
  close(): void {
    this.#stopSeeing();
    this.cool();
    this.#unwatch();
    this.#room?.leave();
    this.devices.close();
  }

  /** Hears what happens, as those do who listen instead of looking. */
  onNews(listener: (news: News) => void): Off {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Has something said to them. */
  tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }

  view(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
    this.#room?.view(this.soundOnly.value ? [] : wanted);
  }

  /** Only sound from now on, which saves data: no pictures come, and ours does not go. Or pictures again, ours if it went before. */
  async hearOnly(on: boolean): Promise<void> {
    if (on === this.soundOnly.value) return;
    this.soundOnly.value = on;
    this.view(this.#wanted);
    if (on) this.#hadCamera = this.devices.camera.value.state === "live";
    if (this.#hadCamera) await this.devices.setCamera(!on);
  }

  /** What the browser counts of the connection, or in the lobby of the one that is ready. */
  async stats(): Promise<RTCStatsReport | undefined> {
    return (await this.#warmth.stats()) ?? this.#room?.stats();
  }

  /** What each line of the connection carries, by mid. */
  get carried(): ReadonlyMap<string, Carried> {
    return this.#room?.carried ?? new Map();
  }

  async startAudio(): Promise<void> {
    await this.#room?.startAudio();
  }

  #options(name: string, lang: string): JoinOptions {
    const token = this.invitation.value;
    return { room: this.roomName, name, lang, ...(token && { token }) };
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    batch(() => {
      this.joining.value = true;
      this.refusal.value = undefined;
      this.leftByChoice.value = false;
    });
    this.#waited = false;
    try {
      await act();
    } catch (error) {
      if (this.#room) this.refusal.value = this.#refusalOf(error); // else the user has given up
    } finally {
      this.joining.value = false;
    }
  }

  /** An invitation that is no good is forgotten: the next attempt goes without. */
  #refusalOf(error: unknown): Refusal {
    const code = codeOf(error);
    if (code === "forbidden" && this.#waited) return "denied";
    if (code !== "unauthorized" || !this.invitation.value) return code;
    this.invitation.value = undefined;
    dropInvitation();
    return "badInvitation";
  }

  /** What fails here shows by not happening. */
  async #quietly(act: (room: RoomPort) => Promise<void>): Promise<void> {
    if (this.#room) await act(this.#room).catch(() => {});
  }

  #watch(room: RoomPort): void {
    this.#unwatch();
    this.#room = room;
    batch(() => {
      this.members.value = [];
      this.tiles.value = [];
      this.messages.value = [];
      this.speakers.value = [];
      this.quality.value = new Map();
      this.caughtUp.value = false;
      this.queued.value = undefined;
      this.#seen.value = 0;
      this.stage.reset();
    });
    this.#offs = [
      room.on("state", (state) => this.#onState(room, state)),
      room.on("members", (members) => this.#onMembers(members)),
      room.on("tiles", (tiles) => (this.tiles.value = tiles)),
      room.on("speakers", (speakers) => (this.speakers.value = speakers)),
      room.on("quality", (quality) => (this.quality.value = quality)),
      room.on("queued", (until) => (this.queued.value = until)),
      room.on("audioBlocked", (blocked) => (this.audioBlocked.value = blocked)),
      room.chat.on("messages", (messages) => this.#onMessages(room, messages)),
      room.chat.on("typing", (typing) => (this.typing.value = typing)),
      ...this.conduct.watch(room),
    ];
  }

  #unwatch(): void {
    for (const off of this.#offs) off();
    this.#offs = [];
  }

  #onState(room: RoomPort, state: RoomState): void {
    batch(() => {
      this.state.value = state;
      if (state === "waiting") this.#waited = true;
      if (state === "reconnecting" || state === "left") this.refusal.value = room.lastError?.code;
      if (state === "in") this.caughtUp.value = room.chat.caughtUp; // a room without history says no more about it
    });
  }

  #onMembers(members: readonly Member[]): void {
    const before = this.members.value;
    this.members.value = members;
    // Whoever was here before us did not just come, nor did anybody leave when we did, or when a server began anew.
    const me = idOfMe(members);
    if (me === undefined || idOfMe(before) !== me) return;
    const [came, went] = [without(members, before), without(before, members)].map((some) => some.map(({ name }) => name));
    const raised = members.filter((member) => !member.me && member.hand !== undefined && before.some(({ id, hand }) => id === member.id && hand === undefined));
    // Who comes in the place of its name is back, on a server that began anew.
    for (const name of came!) if (!went!.includes(name)) this.tell({ what: "joined", name });
    for (const name of went!) if (!came!.includes(name)) this.tell({ what: "left", name });
    for (const { name } of raised) this.tell({ what: "raised", name });
  }

  #onMessages(room: RoomPort, messages: readonly ChatMessage[]): void {
    batch(() => {
      // Lines from before we came are not news.
      if (!this.caughtUp.value) this.#seen.value = newest(messages);
      this.messages.value = messages;
      this.caughtUp.value = room.chat.caughtUp;
    });
  }
}

/** When the newest line of the server was stamped. */
function newest(messages: readonly ChatMessage[]): number {
  return messages.reduce((last, message) => (message.seq === undefined ? last : Math.max(last, message.at)), 0);
}

function idOfMe(members: readonly Member[]): MemberId | undefined {
  return members.find((member) => member.me)?.id;
}

function without(members: readonly Member[], others: readonly Member[]): readonly Member[] {
  const ids = new Set(others.map((member) => member.id));
  return members.filter((member) => !ids.has(member.id) && !member.me);
}

function codeOf(error: unknown): Refusal {
  return error instanceof MadangError ? error.code : "unknown";
}
