// What the page needs of the SDK, so that a made-up room can take its place
// while one draws.

import { type Chat, LocalMedia, type Moderation, type Returning, Room, type RoomInfo } from "../sdk/index.ts";

export type LocalPort = Pick<
  LocalMedia,
  "on" | "mic" | "camera" | "screen" | "canShareScreen" | "devices" | "chosen" | "choose" | "setMic" | "setCamera" | "facing" | "turnCamera" | "setScreen" | "level" | "loudness" | "close"
>;
export type ChatPort = Pick<Chat, "on" | "messages" | "caughtUp" | "send" | "retry" | "delete" | "typing">;
export type ModerationPort = Pick<Moderation, keyof Moderation>;
export type RoomPort = Pick<
  Room, "on" | "state" | "me" | "lastError" | "connect" | "enter" | "join" | "leave" | "view" | "hand" | "react" | "startAudio" | "stats" | "carried"
> & { readonly chat: ChatPort; readonly moderation: ModerationPort };

export interface Backend {
  local(): LocalPort;
  room(local: LocalPort): RoomPort;
  info(room: string): Promise<RoomInfo>;
  returning(room: string): Returning | undefined;
}

/** The server that served this page. */
export const server: Backend = {
  local: () => new LocalMedia(),
  room: (local) => new Room({ local: local as LocalMedia }),
  info: (room) => Room.info(room),
  returning: (room) => Room.returning(room),
};
