// The messages of version 1 of the wire, as signaling/PROTOCOL.md has them.

import type { ServerCode } from "./errors.ts";
import type { MemberId, Permission, PictureKind, Quality, Role, SourceKind, SourceState, Spot, Waiter, Why } from "./types.ts";

export const subprotocol = "madang.v1";
export const version = 1;

/** Which of our lines is which source, by mid. */
export type Lines = Record<string, SourceKind>;

export interface Person {
  id: MemberId;
  name: string;
  state: "in" | "reconnecting";
  role?: Role;
  hand?: number;
  sources?: Partial<Record<SourceKind, SourceState>>;
  held?: SourceKind[];
}

/** What a slot carries: a source from RTP timestamp `ts` on, or nothing because of `why`. */
export interface Carries {
  member?: MemberId;
  source?: SourceKind;
  ts?: number;
  why?: Why;
}

export interface Lobby {
  t: "lobby";
  session: string;
  you: MemberId;
  ice: RTCIceServer[];
  slots: { pairs: number; audio: number };
  codecs: string[];
  bitrates: Record<"q" | "h" | "f" | "screen", number>;
  state: "waiting" | "in";
  epoch: string;
  /** The session goes on that was to be resumed. */
  resumed?: boolean;
}

export interface Joined {
  t: "joined";
  sdp: string;
  limits: { messages: number; chat: number; text: number; pairs: number; audio: number };
}

export interface Welcome {
  t: "welcome";
  room: { name: string; locked: boolean; recording: boolean; slow_s?: number; spotlight?: Spot };
  people: Person[];
  chat: { last: number; epoch: string };
  role?: Role;
  may?: Permission[];
  waiting?: Waiter[];
  seq: number;
}

export interface ErrorMessage { t: "error"; re?: string; cid?: string; code: ServerCode; message?: string; retry_ms?: number }

/** A line of chat as the server tells it. */
export interface Line {
  t: "msg";
  epoch: string;
  seq: number;
  id: string;
  cid: string;
  from: MemberId;
  name: string;
  to?: MemberId;
  reply?: string;
  text: string;
  at: number;
}

export type ChatFromServer =
  | Line
  | { t: "caught-up"; seq: number }
  | { t: "del"; id: string }
  | { t: "clear"; seq: number }
  | { t: "typing"; from: MemberId; to?: MemberId }
  | ErrorMessage;

export type ChatFromClient =
  | { t: "msg"; cid: string; to?: MemberId; reply?: string; text: string }
  | { t: "since"; epoch: string; seq: number }
  | { t: "del"; id: string }
  | { t: "typing"; to?: MemberId };

/** What the server tells without being asked; what has to do with the room is numbered by `seq`. */
export type Told = Numbered | ChatFromServer
  | { t: "ice"; candidate: string }
  | { t: "ping"; ts: number }
  | { t: "token"; expires_in_ms: number; token?: string }
  | { t: "goaway"; in_ms: number; url?: string }
  | { t: "moved"; url: string }
  | { t: "bye"; code?: ServerCode };

export type Numbered = { seq: number } & (
  | Welcome
  | ({ t: "slots" } & Record<string, Carries>)
  | { t: "people"; add?: Person[]; set?: Person[]; del?: MemberId[] }
  | { t: "speakers"; levels: [MemberId, number][] }
  | { t: "want"; source: SourceKind; layers: string[] }
  | ({ t: "quality" } & Record<MemberId, Quality>)
  | { t: "react"; member: MemberId; emoji: string }
  | { t: "mute"; source: SourceKind; hold?: boolean; by?: MemberId }
  | { t: "unmute"; source: SourceKind; by?: MemberId }
  | Rules
);

/** What changes how the room is run, or what we may do in it. */
export type Rules =
  | { t: "may"; role: Role; may: Permission[] }
  | { t: "waiting"; add?: Waiter[]; del?: MemberId[] }
  | { t: "lock"; locked: boolean }
  | { t: "slow"; seconds: number }
  | ({ t: "spotlight" } & Partial<Spot>);

/** Who we are and where we want to be. */
export interface Hello { room: string; name: string; password?: string; token?: string; lang?: string }

/** We only test the ways to the server. */
export interface TestHello { test: true }

/** The session to go on with, and the last `seq` that it has taken; 0: it knows nothing. */
export interface Resume { session: string; seq: number }

/** What a client asks, and what answers it. */
export interface Requests {
  hello: { ask: (Hello | TestHello) & { v: number; resume?: Resume }; answer: Lobby };
  join: { ask: { sdp: string; lines: Lines }; answer: Joined };
  enter: { ask: { name?: string }; answer: Welcome };
  offer: { ask: { sdp: string; lines: Lines; restart?: boolean }; answer: { t: "answer"; sdp: string } };
  hand: { ask: { member?: MemberId; up: boolean }; answer: Done };
  react: { ask: { emoji: string }; answer: Done };
  role: { ask: { member: MemberId; role: Role }; answer: Done };
  mute: { ask: { member?: MemberId; source: SourceKind; hold?: boolean }; answer: Done };
  unmute: { ask: { member: MemberId; source: SourceKind }; answer: Done };
  kick: { ask: { member: MemberId; ban_s?: number }; answer: Done };
  lock: { ask: { locked: boolean }; answer: Done };
  admit: { ask: { member?: MemberId }; answer: Done };
  deny: { ask: { member: MemberId }; answer: Done };
  slow: { ask: { seconds: number }; answer: Done };
  spotlight: { ask: Partial<Spot>; answer: Done };
  clear: { ask: object; answer: Done };
  end: { ask: object; answer: Done };
  token: { ask: { token: string }; answer: { t: "token"; expires_in_ms: number } };
  invite: { ask: { role: Role; ttl_s: number; uses: number }; answer: { t: "invite"; token: string; expires_in_ms: number } };
}

interface Done { t: "done" }

/** What a client tells without waiting for an answer. */
export type Telling =
  | ChatFromClient
  | { t: "ready"; re: string }
  | { t: "publish"; source: SourceKind; state: SourceState }
  | { t: "view"; tiles: WantedTile[] }
  | { t: "ice"; candidate: string }
  | { t: "ping" | "pong"; ts: number }
  | { t: "bye"; hold_ms?: number };

export interface WantedTile {
  member: MemberId;
  source: PictureKind;
  w: number;
  h: number;
  pin?: boolean;
}
