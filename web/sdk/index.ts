// The SDK of Madang: a room in a browser, without dependencies.
//
//   const local = new LocalMedia();
//   await local.setMic(true);
//   const room = new Room({ local });
//   room.on("tiles", (tiles) => …);
//   await room.join({ room: "hello", name: "Dain" });

export * from "./types.ts";
export * from "./errors.ts";
export { AdaptiveView, type Picture } from "./adaptive.ts";
export { Chat, type ChatEvents } from "./chat.ts";
export { Emitter, type Off } from "./emitter.ts";
export type { RoomEvents } from "./events.ts";
export { LocalMedia, type LocalEvents } from "./media.ts";
export { Moderation } from "./moderation.ts";
export { Room } from "./room.ts";
export { isAbove, outside } from "./standing.ts";
