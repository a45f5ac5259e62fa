// The way into a room, made ready before anybody asks for it: while somebody still
// looks at the preview the connection is made, so that the click on Join has one
// step left. Nobody in the room sees anything of it. What fails here is not told:
// it is tried again later, and joining says what is wrong.

import { ConnectionError, type JoinOptions } from "../sdk/index.ts";
import { isFinal } from "../sdk/recovery.ts";
import { watchWaking } from "../sdk/wake.ts";
import type { RoomPort } from "./backend.ts";

/** The first wait after a try that failed, in milliseconds; each further one is twice as long, up to the longest. */
const firstWait = 2000;
const longestWait = 60_000;

/** A room that is to be joined, by the shortest way that there is. */
export interface WayIn {
  readonly room: RoomPort;
  /** Throws as `Room.join` does. */
  join(options: JoinOptions): Promise<void>;
}

export class Warmth {
  readonly #make: () => RoomPort;
  #options: JoinOptions | undefined;
  #room: RoomPort | undefined;
  #connected: Promise<void> | undefined;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopWaking = () => {};

  /** `make` makes a room that nobody has joined. */
  constructor(make: () => RoomPort) {
    this.#make = make;
  }

  /** Keeps a way ready from now on, until it is taken or `end`. */
  begin(options: JoinOptions): void {
    this.end();
    this.#options = options;
    this.#failures = 0;
    this.#stopWaking = watchWaking((elsewhere) => elsewhere && this.#connect());
    this.#connect();
  }

  /** Lets go of what is ready. */
  end(): void {
    this.#stopWaking();
    this.#options = undefined;
    this.#drop();
  }

  /** What the browser counts of the way that is ready. */
  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#room?.stats();
  }

  /** Hands over the way that is ready, or a cold one. */
  take(): WayIn {
    const [room, connected] = [this.#room, this.#connected];
    this.#room = undefined; // it is not ours to end any more
    this.end();
    if (room && connected) return { room, join: (options) => enter(room, connected, options) };
    const cold = this.#make();
    return { room: cold, join: (options) => cold.join(options) };
  }

  #connect(): void {
    this.#drop();
    if (!this.#options) return;
    const room = (this.#room = this.#make());
    const lost = (error?: unknown) => {
      if (room === this.#room) this.#fail(error);
    };
    room.on("queued", (until) => until && lost()); // a busy server's turn is for those who want to come in
    this.#connected = room.connect(this.#options);
    this.#connected.then(() => room.on("state", () => lost()), lost);
  }

  #fail(error: unknown): void {
    this.#drop();
    if (isFinal(error)) return;
    const wait = Math.min(longestWait, firstWait * 2 ** this.#failures++);
    this.#timer = setTimeout(() => this.#connect(), wait * (0.5 + Math.random()));
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const room = this.#room;
    this.#room = this.#connected = undefined;
    room?.leave();
  }
}

/** Goes in by a way that was made ready; where that has failed meanwhile, by another. */
async function enter(room: RoomPort, connected: Promise<void>, options: JoinOptions): Promise<void> {
  try {
    await connected;
    await room.enter(options.name);
  } catch (error) {
    const givenUp = room.state === "left";
    if (givenUp || isFinal(error) || !(error instanceof ConnectionError)) throw error;
    await room.join(options);
  }
}
