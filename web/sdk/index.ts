// The SDK of Madang: a room in a browser, without dependencies.
//
//   const local = new LocalMedia();
//   await local.setMic(true);
//   const room = new Room({ local });
//   room.on("tiles", (tiles) => …);
//   await room.join({ room: "hello", name: "Dain" });

import type {
  ChatMessage, Device, DeviceKind, JoinOptions, LocalSource, Member, MemberId, RoomInfo, RoomState, Speaker, Tile, Wanted,
} from "./types.ts";
import type { DeviceError, MadangError } from "./errors.ts";

export * from "./types.ts";
export * from "./errors.ts";

/** Stops listening. */
export type Off = () => void;

/** Something whose changes can be listened to. */
export declare class Emitter<Events> {
  /** Calls `listener` at each `event` from now on. */
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): Off;
}

export interface LocalEvents {
  /** One of our sources changed: `local.mic`, `local.camera`, … hold the new snapshot. */
  change: LocalSource;
  /** A device came, went, or got its label. */
  devices: readonly Device[];
  /** A device failed outside of a call that could throw, such as being unplugged. */
  error: DeviceError;
}

/** Our own microphone, camera and screen. It lives before and after a room: the lobby's preview uses it. */
export declare class LocalMedia extends Emitter<LocalEvents> {
  constructor();
  readonly mic: LocalSource;
  readonly camera: LocalSource;
  readonly screen: LocalSource;
  readonly screenAudio: LocalSource;
  /** Can this browser share a screen at all. */
  readonly canShareScreen: boolean;
  /** Every device, for choosing. Labels are empty until something was allowed. */
  readonly devices: readonly Device[];
  /** Which device of a kind is in use or will be; undefined: the system's choice. */
  chosen(kind: DeviceKind): string | undefined;
  /** Uses another device from now on, at once if the source is live. Throws DeviceError. */
  choose(kind: DeviceKind, id: string): Promise<void>;
  /** On: catches sound. Off: mutes, and keeps the device, so that unmuting is instant. Throws DeviceError. */
  setMic(on: boolean): Promise<void>;
  /** On: catches pictures. Off: lets the camera go, its light goes out. Throws DeviceError. */
  setCamera(on: boolean): Promise<void>;
  /** On: asks for a screen or window, with its sound if it has any. Resolves to false if the user changed their mind. Throws DeviceError. */
  setScreen(on: boolean): Promise<boolean>;
  /** How loud the microphone is now, 0 to 1; for a meter, at each animation frame. 0 while muted. */
  level(): number;
  /** Lets every device go. */
  close(): void;
}

export interface ChatEvents {
  /** The lines changed; the value is `chat.messages`. */
  messages: readonly ChatMessage[];
  /** Who is writing now. */
  typing: readonly MemberId[];
}

/** The chat of a room. */
export declare class Chat extends Emitter<ChatEvents> {
  /** All known lines in the server's order; our own that it does not have yet come last. */
  readonly messages: readonly ChatMessage[];
  /** Are the lines from before we came all here. */
  readonly caughtUp: boolean;
  /** Sends a line to everybody or to one; it shows at once as `sending`. At most 4,096 bytes of UTF-8, else throws MadangError too_big. Returns its cid. */
  send(text: string, to?: MemberId): string;
  /** Tries a line again that failed. */
  retry(cid: string): void;
  /** Takes back one of our own lines, by its server id. */
  delete(id: string): void;
  /** Tells that we are writing; call at each key, the SDK sends few. */
  typing(to?: MemberId): void;
}

export interface RoomEvents {
  state: RoomState;
  /** Who is here; the value is `room.members`. */
  members: readonly Member[];
  /** What is shown; the value is `room.tiles`. */
  tiles: readonly Tile[];
  /** Who speaks, loudest first; at most 5 a second. */
  speakers: readonly Speaker[];
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

/** One session in one room. */
export declare class Room extends Emitter<RoomEvents> {
  constructor(options?: RoomOptions);
  readonly state: RoomState;
  /** Name of the room, once in. */
  readonly name: string;
  /** Our own member id, once authorised. */
  readonly me: MemberId;
  /** Everybody in the room, ourselves included, in the order of arrival. */
  readonly members: readonly Member[];
  /** Pictures that the server sends us, empty ones included; never our own. */
  readonly tiles: readonly Tile[];
  /** Who speaks, loudest first; empty in silence. */
  readonly speakers: readonly Speaker[];
  readonly audioBlocked: boolean;
  readonly local: LocalMedia;
  readonly chat: Chat;
  /** Why the session is `disconnected` or `left`, if it was not our own doing. */
  readonly lastError: MadangError | undefined;
  /** How often the browser wanted to negotiate after the first offer; stays 0. */
  readonly negotiationsNeeded: number;

  /** What joining `room` needs. Throws ConnectionError. */
  static info(room: string, url?: string): Promise<RoomInfo>;

  /** Goes to the lobby: authorised, transport warming up, not yet seen by anyone. Throws ServerError, ConnectionError. */
  connect(options: JoinOptions): Promise<void>;
  /** From the lobby into the room. Throws ServerError, ConnectionError. */
  enter(): Promise<void>;
  /** connect and enter in one. */
  join(options: JoinOptions): Promise<void>;
  /** After `disconnected`: a new session in the same room, with the same name and what is being published. */
  rejoin(): Promise<void>;
  /** Leaves for good. */
  leave(): void;
  /** Says what is on the screen, most important first. Call whenever the layout changes; the SDK sends few. More tiles than there are slots get more slots. */
  view(wanted: readonly Wanted[]): void;
  /** Call in a click when `audioBlocked`. */
  startAudio(): Promise<void>;
  /** What the browser's connection counts, for a statistics panel; undefined outside of a session. */
  stats(): Promise<RTCStatsReport | undefined>;
}
