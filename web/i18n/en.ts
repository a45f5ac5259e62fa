// Every word that the page says, in English. The keys here are the keys of all
// languages; what takes values is a function.

import type { ErrorCode } from "../sdk/index.ts";

const plurals = new Intl.PluralRules("en");

function count(n: number, one: string, many: string): string {
  return `${n} ${plurals.select(n) === "one" ? one : many}`;
}

const trouble: Record<ErrorCode, string> = {
  bad_message: "The server did not understand this page. Reload it to try again.",
  bad_sdp: "The server could not use what this browser offered. Reload the page to try again.",
  too_big: "That is too long. Please shorten it.",
  too_fast: "That was too fast. Wait a moment and try again.",
  unauthorized: "That password is not right. Check it and try again.",
  forbidden: "This room does not let you in. Ask the person who invited you.",
  room_full: "This room is full. Try again when someone has left.",
  room_locked: "This room is locked. Ask someone inside to let you in.",
  not_found: "This room is not here. Check the link.",
  conflict: "You are already in this room.",
  unavailable: "The server is busy. Try again in a moment.",
  internal: "Something broke on the server. Try again in a moment.",
  unreachable: "We can't reach the server. Check your connection and try again.",
  closed: "The server stopped answering. Check your connection, then rejoin.",
  timeout: "The server takes too long to answer. Check your connection and try again.",
  kicked: "You were removed from this room.",
  room_gone: "This room has closed.",
  replaced: "You joined this room from another tab or device.",
  going_away: "The server is restarting. Rejoin in a moment.",
  media_failed: "Sound and pictures can't get through. A firewall may block them.",
  device_denied: "This page may not use it yet. Allow it in your browser's address bar.",
  device_missing: "None was found. Plug one in or choose another.",
  device_busy: "Another program is using it. Close that program and try again.",
  device_failed: "It did not start. Unplug it, plug it in again, or choose another.",
  insecure_origin: "Browsers allow cameras and microphones on secure pages only. Open this page with https.",
  unsupported: "This browser can't do that.",
};

export const en = {
  language: "English",
  languageLabel: "Language",

  // The first page.
  welcome: "Meet in the yard",
  welcomeText: "Name a room, share its link, and talk. Nothing to install, no account.",
  roomName: "Room name",
  openRoom: "Open room",
  newRoom: "New room",
  recentRooms: "Recent rooms",
  forgetRoom: (room: string) => `Forget ${room}`,
  badRoomName: "That name can't be a room. Use a few letters, digits, and dashes.",

  // The lobby.
  name: "Name",
  join: "Join",
  joining: "Joining…",
  nameMissing: "Tell the others your name.",
  password: "Password",
  passwordMissing: "This room asks for a password.",
  devices: "Camera and sound",
  chooseCamera: "Camera",
  chooseMicrophone: "Microphone",
  chooseSpeaker: "Speaker",
  systemDefault: "System default",
  device: (n: number) => `Device ${n}`,
  microphoneLevel: "Microphone level",
  previewOff: "Your camera is off.",
  previewStarting: "Your camera is starting…",
  preview: "Your camera preview",
  tryAgain: "Try again",

  // The bar. State is told in words by the hints.
  controls: "Controls",
  microphone: "Microphone",
  microphoneOn: "Your microphone is on. Press to mute.",
  microphoneOff: "Your microphone is muted. Press to speak.",
  camera: "Camera",
  cameraOn: "Your camera is on. Press to turn it off.",
  cameraOff: "Your camera is off. Press to turn it on.",
  shareScreen: "Share screen",
  sharingOff: "Show your screen or a window to everyone.",
  sharingOn: "You are sharing your screen. Press to stop.",
  chat: "Chat",
  chatHint: "Write to the others.",
  unread: (n: number) => count(n, "new message", "new messages"),
  invite: "Copy invite link",
  inviteHint: "Copy the link of this room.",
  copied: "The link is copied.",
  copyFailed: (link: string) => `Copy this link: ${link}`,
  settings: "Settings",
  settingsHint: "Camera, sound, and language.",
  leave: "Leave",
  leaveHint: "Leave this room.",
  close: "Close",

  // The stage.
  you: "You",
  people: (n: number) => count(n, "person", "people"),
  screenOf: (name: string) => `${name}'s screen`,
  muted: "Microphone muted",
  pin: (name: string) => `Pin ${name}`,
  pinHint: "Keep this picture large.",
  pinned: "This picture stays large. Press to let it go.",
  cameraIsOff: "Camera off",
  reconnecting: "Reconnecting…",
  pausedForBandwidth: "Video paused: your connection is slow",
  codecUnsupported: "This browser can't show this picture",
  weak: {
    uplink: (name: string) => `${name}'s upload is weak`,
    downlink: (name: string) => `${name}'s connection is slow`,
    server: (name: string) => `The server is too busy to carry ${name} well`,
    none: (name: string) => `${name}'s connection is weak`,
  },
  weakMine: {
    uplink: "Your upload is weak. Others may see and hear you badly.",
    downlink: "Your connection is slow. Videos may blur or pause.",
    server: "The server is too busy. Sound and videos may suffer.",
    none: "Your connection is weak.",
  },
  more: (n: number) => count(n, "more person", "more people"),
  alone: "You are the only one here.",
  aloneText: "Send the link to the people you want to meet.",
  sharing: "You are sharing your screen.",
  stopSharing: "Stop sharing",
  soundBlocked: "Your browser holds the sound back.",
  startSound: "Turn on sound",
  joined: (name: string) => `${name} joined.`,
  left: (name: string) => `${name} left.`,

  // The statistics panel, where jargon may stand.
  statistics: "Statistics",
  statisticsHint: "What is sent and received right now.",
  copyStatistics: "Copy as JSON",
  statisticsCopied: "The statistics are copied.",
  noStatistics: "Nothing is sent or received yet.",
  path: "Way to the server",
  sent: { mic: "Your microphone", camera: "Your camera", screen: "Your screen", "screen-audio": "Sound of your screen" },
  voiceOf: (name: string) => `${name}'s voice`,
  screenSoundOf: (name: string) => `Sound of ${name}'s screen`,
  line: (mid: string) => `Line ${mid}`,
  fact: {
    codec: "Codec", layer: "Layer", size: "Size", rate: "Frames", bitrate: "Bitrate", loss: "Loss", jitter: "Jitter",
    roundTrip: "Round trip", frozen: "Frozen", concealed: "Concealed", limit: "Limited by", transport: "Transport", estimate: "Estimate",
  },

  // The chat.
  message: "Message",
  send: "Send",
  noMessages: "No messages yet. Say hello.",
  loadingMessages: "Loading earlier messages…",
  newMessages: "Newest messages",
  sending: "Sending…",
  failed: "Not sent.",
  resend: "Send again",
  deleteMessage: "Delete",
  chatBreak: "The server restarted. Messages before this line may be missing for others.",
  messageTooLong: "This message is too long.",
  to: "To",
  everyone: "Everyone",
  privateTo: (name: string) => `Only to ${name}`,
  privateFrom: "Only to you",
  typing: (names: readonly string[]) => names.length > 2
    ? "Several people are writing…"
    : `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} writing…`,

  // When something goes wrong.
  microphoneTrouble: "Microphone",
  cameraTrouble: "Camera",
  screenTrouble: "Screen",
  speakerTrouble: "Speaker",
  stillReconnecting: "We can't reach the server. Trying again…",
  rejoin: "Rejoin",
  youLeft: "You left the room",
  removed: "You are out of the room",
  backToStart: "Choose another room",
  dismiss: "Dismiss",
  checkConnection: "Check your connection",
  serverBusy: "The server is busy.",
  tryingAgainIn: (seconds: number) => `Trying again in ${count(seconds, "second", "seconds")}…`,
  cancel: "Cancel",
  unknownTrouble: "Something went wrong. Try again.",
  trouble,
};

/** What a language must say. */
export type Messages = {
  readonly [K in keyof typeof en]: (typeof en)[K];
};
