import type { MadangError } from "./errors.ts";
import type { Asked, Member, MemberId, Muted, Quality, Reaction, RoomState, Speaker, Standing, Tile } from "./types.ts";

/** What a room tells. */
export interface RoomEvents {
  /** Where we stand; the value is `room.state`. */
  state: RoomState;
  /** Who is here; the value is `room.members`. */
  members: readonly Member[];
  /** What is shown; the value is `room.tiles`. */
  tiles: readonly Tile[];
  /** Who speaks, loudest first; at most 5 a second. */
  speakers: readonly Speaker[];
  /** How everyone is connected, the changed ones at most once a second; the value is `room.quality`. */
  quality: ReadonlyMap<MemberId, Quality>;
  /** What we may do, who waits, is the room locked; the value is `room.standing`. */
  standing: Standing;
  /** Somebody shows an emoji for a moment, perhaps ourselves. */
  reaction: Reaction;
  /** Somebody has muted one of our sources, or ended it: it is so already. */
  muted: Muted;
  /** Somebody asks us to make a source live: ask the person, and call `local.setMic(true)` if they want to. */
  asked: Asked;
  /** The token that we came in with expires at this time (milliseconds since 1970): call `room.refreshToken` with another, or the room ends for us as `expired`. */
  expires: number;
  /** The browser keeps us from playing sound until the user clicks something: call `room.startAudio()` in that click. */
  audioBlocked: boolean;
  /**
   * Something went wrong outside of a call that could throw. With state `reconnecting` or `left` it says why: `kicked`
   * somebody has removed us · `room_gone` the room has ended for all · `expired` our token is good no more.
   */
  error: MadangError;
  /** The server is busy, and `connect` asks again at this time (milliseconds since 1970); undefined: it has. `leave` gives up. */
  queued: number | undefined;
}
