// The nouns of the room, as a page sees them. All values handed out are
// snapshots: they never change after they were handed out, so that a page may
// compare them by identity.

import type { LocalMedia } from "./media.ts";

/** Names a member in public. */
export type MemberId = string;

/** One of the four things a member publishes, at most one of each. */
export type SourceKind = "mic" | "camera" | "screen" | "screen-audio";

/** What somebody is in a room, the lowest rank first. */
export type Role = "guest" | "member" | "moderator" | "owner";

/** One of the things that somebody may do; signaling/PROTOCOL.md says what each is. */
export type Permission =
  | "join" | "mic" | "camera" | "screen" | "subscribe" | "chat" | "private" | "hand" | "react" | "moderate" | "record" | "admin";

/** A kind of source that has a picture. */
export type PictureKind = "camera" | "screen";

/** How a source is: heard or seen, silenced by its member, or not there. */
export type SourceState = "live" | "muted" | "ended";

/** Why a tile shows nothing. */
export type Why = "empty" | "muted" | "gone" | "bandwidth" | "codec";

/** Somebody in the room, oneself included. */
export interface Member {
  readonly id: MemberId;
  readonly name: string;
  /** `reconnecting`: nothing was heard of it for a while; it may come back. */
  readonly state: "in" | "reconnecting";
  /** What it publishes; what is not named has ended. */
  readonly sources: Readonly<Partial<Record<SourceKind, SourceState>>>;
  readonly role: Role;
  /** There while the hand is up: who raised it first has the lowest number. */
  readonly hand?: number;
  /** Sources that a moderator has muted and holds. */
  readonly held: readonly SourceKind[];
  /** Is this oneself. */
  readonly me: boolean;
}

/**
 * One of the pictures that the server sends us: a place, not a person. Which
 * member's picture it carries changes while the room lives; the snapshot says
 * whose it is at this moment of what is *shown*, so that a name changes in the
 * same frame as the picture.
 */
export interface Tile {
  /** Stable as long as the session: use it as the key of the element. */
  readonly key: string;
  /** Whose picture it is; absent for an empty tile. May stand beside `why`. */
  readonly member?: MemberId;
  /** Which of the member's pictures. */
  readonly source?: PictureKind;
  /** Why there is no picture. Absent: there is one. */
  readonly why?: Why;
  /** Shows the picture in an element (muted, plays inline) until the returned function is called. */
  attach(video: HTMLVideoElement): () => void;
}

/** Something that the page has on its screen; see {@link Room.view}. */
export interface Wanted {
  readonly member: MemberId;
  readonly source: PictureKind;
  /** Size on the screen, in CSS pixels; the SDK multiplies by devicePixelRatio. */
  readonly width: number;
  readonly height: number;
  /** The user asked for it; it is not to be swapped for who speaks. */
  readonly pinned?: boolean;
}

/** How loud a member is. */
export interface Speaker {
  readonly member: MemberId;
  /** 0 (silence) to 1. */
  readonly level: number;
}

/** Where what a member sends or receives suffers worst: its own way up, its way down, the server, nowhere. */
export type Cause = "uplink" | "downlink" | "server" | "none";

/** How the room is run, and what we may do in it. */
export interface Standing {
  /** Our own role. */
  readonly role: Role;
  /** What we may do. The server holds to it whatever we ask. */
  readonly may: ReadonlySet<Permission>;
  /** Nobody new comes in. */
  readonly locked: boolean;
  /** What a moderator has put on everybody's stage. Absent: nothing. */
  readonly spotlight?: Spot;
  /** Seconds that must be between two lines of chat of one member; 0: no such rule. */
  readonly slow: number;
  /** Who waits to be let in, by arrival; always empty for who may not let them in. */
  readonly waiting: readonly Waiter[];
}

/** A picture of somebody. */
export interface Spot {
  readonly member: MemberId;
  readonly source: PictureKind;
}

/** Somebody who waits to be let in. */
export interface Waiter {
  readonly member: MemberId;
  readonly name: string;
}

/** Somebody shows an emoji. The text comes from others: look whether it is one. */
export interface Reaction {
  readonly member: MemberId;
  readonly emoji: string;
}

/** Somebody has muted one of our sources; of a screen, ended. */
export interface Muted {
  readonly source: SourceKind;
  /** It cannot be live again before a moderator says so. */
  readonly hold: boolean;
  /** Who did it; absent: the server. */
  readonly by?: MemberId;
}

/** Somebody asks us to make a source live. */
export interface Asked {
  readonly source: SourceKind;
  readonly by?: MemberId;
}

/** Lets others into this room. */
export interface Invitation {
  /** For their {@link JoinOptions}; a secret. */
  readonly token: string;
  /** Until when, in milliseconds since 1970. */
  readonly expires: number;
}

/** How well a member is connected: what it sends and what it receives, 1 (bad) to 5, 0 where nothing is known. */
export interface Quality {
  readonly up: number;
  readonly down: number;
  readonly why: Cause;
}

/** What one line of the connection carries, as the server said last; for a statistics panel. */
export interface Carried {
  readonly member?: MemberId;
  readonly source?: SourceKind;
  readonly why?: Why;
}

/** One line of chat. */
export interface ChatMessage {
  /** The sender's own id for it: unique, and there from the first moment; use it as the key. */
  readonly cid: string;
  /** The server's id; absent until the server has it. */
  readonly id?: string;
  /** Its place in the order of all lines; absent until the server has it. */
  readonly seq?: number;
  readonly from: MemberId;
  readonly name: string;
  /** Set for a private line. */
  readonly to?: MemberId;
  /** The `id` of the line that it answers; that one may be gone, or older than what is known. */
  readonly reply?: string;
  readonly text: string;
  /** When the server had it; until then when it was written. Milliseconds since 1970. */
  readonly at: number;
  /** Is it our own. */
  readonly mine: boolean;
  /** `sending` until the server has it; `failed` if it refused it (see `error`). */
  readonly state: "sending" | "sent" | "failed";
  /** Error code of the refusal, for `failed`. */
  readonly error?: string;
  /** The first line after a break: the server has forgotten what was before. */
  readonly afterBreak?: boolean;
}

/** Where a line of chat goes. */
export interface Destination {
  /** To one member only; absent: to everybody. */
  readonly to?: MemberId | undefined;
  /** The `id` of the line that it answers. The server drops it where not all who get the answer may read that line. */
  readonly reply?: string | undefined;
}

/** Something that catches or plays sound or pictures. */
export interface Device {
  readonly kind: DeviceKind;
  readonly id: string;
  /** As the system calls it; empty as long as the user has not allowed anything. */
  readonly label: string;
}

/** Which device one chooses: where sound comes from, where pictures come from, where sound goes. */
export type DeviceKind = "microphone" | "camera" | "speaker";

/** Where a camera of a phone looks: at its user, or away. */
export type Facing = "user" | "environment";

/** How one of our own sources is. */
export interface LocalSource {
  readonly kind: SourceKind;
  readonly state: SourceState;
  /** What is being caught; for a preview. Absent when there is nothing. */
  readonly track?: MediaStreamTrack;
  /** It is being switched on or off at this moment. */
  readonly busy: boolean;
}

/**
 * Where a session stands:
 * `idle` nothing yet · `connecting` to the server · `lobby` authorised, not in ·
 * `entering` · `waiting` for somebody to let us in · `in` the room · `reconnecting`: still in, but the
 * server or the media are out of reach; the SDK finds back by itself · `left` for good.
 */
export type RoomState = "idle" | "connecting" | "lobby" | "waiting" | "entering" | "in" | "reconnecting" | "left";

/** Whom a tab that was loaded anew had been a moment ago, and what it had on. */
export interface Returning {
  readonly name: string;
  readonly mic: boolean;
  readonly camera: boolean;
}

/** What joining a room needs; it answers alike for a room that does not exist. */
export interface RoomInfo {
  readonly password: boolean;
  readonly token: boolean;
}

/** Where a room is, and what we bring. */
export interface RoomOptions {
  /** Origin of the server; default: the page's own. */
  readonly url?: string;
  /** What we publish; default: a new one. It stays yours: leaving the room does not close it. */
  readonly local?: LocalMedia;
}

/** How to get into a room. */
export interface JoinOptions {
  readonly room: string;
  readonly name: string;
  /** The room's, or that of its owners. */
  readonly password?: string;
  /** A token or an invitation; it needs no password. */
  readonly token?: string;
  /** Language of the page, as a BCP 47 tag. */
  readonly lang?: string;
}
