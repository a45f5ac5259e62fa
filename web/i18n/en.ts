// Every word that the page says, in English. The keys here are the keys of all
// languages; what takes values is a function.

import type { Permitted } from "../sdk/browser.ts";
import type { Course, RelayTrial } from "../sdk/check.ts";
import type { ErrorCode, Role } from "../sdk/index.ts";
import type { Trial } from "../sdk/probe.ts";
import type { Command } from "../ui/keyboard/catalogue.ts";
import type { Layout } from "../ui/stage/mains.ts";
import type { Place } from "../ui/parts/allow.ts";
import type { Aloud } from "../ui/storage.ts";

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
  kicked: "Someone who leads the room has removed you. If that was a mistake, ask them.",
  room_gone: "It was ended for everyone. You can open it anew, or choose another.",
  expired: "Your access to it was for a time only. Ask for a new invitation.",
  replaced: "You joined this room from another tab or device. Go on there, or rejoin here.",
  going_away: "The server is restarting. Rejoin in a moment.",
  media_failed: "Sound and pictures can't get through. A firewall may block them.",
  device_denied: "This page is not allowed to use it.",
  device_missing: "None was found. Plug one in or choose another.",
  device_busy: "Another program is using it. Close that program and try again.",
  device_failed: "It did not start. Unplug it, plug it in again, or choose another.",
  insecure_origin: "Browsers allow cameras and microphones on secure pages only. Open this page with https.",
  unsupported: "This browser can't do that. Use a current Chrome, Edge, Firefox or Safari.",
};

/** What does not go well, and what to do next. */
const care = {
  camerasAndMicrophones: "Camera and microphone",
  allow: {
    chromium: "Click the sign left of the address, allow it there, and try again.",
    firefox: "Click the crossed-out sign left of the address, take the block away, and try again.",
    safari: "Open the settings for this website in the Safari menu, allow it there, and try again.",
    android: "Tap the sign left of the address, then Permissions, allow it there, and try again.",
    ios: "Allow it for your browser in the Settings app, and load this page anew.",
    other: "Allow it for this page in your browser's settings, and try again.",
  } satisfies Record<Place, string>,
  stillListen: "You can watch, listen and write all the same.",
  mutedTalking: (key: string | undefined) => (key === undefined ? "You are muted." : `You are muted. Press ${key} to speak.`),
  noSound: "We hear nothing from it. If you are speaking, look for a mute switch on it, or choose another.",
  noPicture: "It gives no picture. Look for a cover or a key that closes it, or for another program that uses it.",
  chooseOther: "Choose another",
  slowWay: "Your network blocks the best way for calls. Sound and videos may stutter.",
  soundOnly: "Sound only",
  soundOnlyHint: "Saves data: no videos come, and yours is off.",
  soundOnlyNow: "Sound only: no videos come, and yours is off.",
  screenHidden: "This screen is not shown while you use sound only.",
  offerSoundOnly: "Your connection is slow. Without videos you hear each other better.",
  keepVideos: "Keep videos",
  offerVideos: "Your connection is better now.",
  showVideos: "Show videos",
  keepSoundOnly: "Keep sound only",
  noCalls: "This browser can't make calls",
  noCallsText: "Use a current Chrome, Edge, Firefox or Safari. If you do, a setting or an extension holds WebRTC back.",
  takeLink: "Open this link there:",
};

const role: Record<Role, string> = { guest: "Guest", member: "Member", moderator: "Moderator", owner: "Owner" };

/** What people do to each other: who is here, who may come in, how the room is run. */
const conduct = {
  search: "Find someone",
  nobodyFound: "Nobody here has that name.",
  role,
  hand: (place: number) => `Hand up, number ${place}`,
  micOn: "Microphone on",
  micOff: "Microphone muted",
  cameraOn: "Camera on",
  sharing: "Sharing a screen",
  menuOf: (name: string) => `What to do with ${name}`,

  // What others do to us, and ask of us.
  someone: "Someone",
  mutedBy: {
    mic: (name: string) => `${name} muted your microphone.`,
    camera: (name: string) => `${name} turned your camera off.`,
    screen: (name: string) => `${name} stopped your screen share.`,
    "screen-audio": (name: string) => `${name} stopped the sound of your screen.`,
  },
  heldToo: "Raise your hand to speak.",
  askedBy: {
    mic: (name: string) => `${name} asks you to unmute.`,
    camera: (name: string) => `${name} asks you to turn your camera on.`,
    screen: (name: string) => `${name} asks you to share your screen.`,
    "screen-audio": (name: string) => `${name} asks you to share the sound of your screen.`,
  },
  doAsked: { mic: "Unmute", camera: "Turn on camera", screen: "Share screen", "screen-audio": "Share screen" },
  notNow: "Not now",
  nowRole: {
    guest: "You are a guest now: you can watch and listen.",
    member: "You can speak and be seen now.",
    moderator: "You lead this room with others now.",
    owner: "This room is yours now.",
  },
  waitToComeIn: (name: string, others: number) => (others === 0
    ? `${name} waits to be let in.` : `${name} and ${count(others, "other", "others")} wait to be let in.`),
  letIn: "Let in",
  letAllIn: "Let all in",
  showThem: "Show",
  accessEnds: "Your access ends in a minute.",

  // Who waits.
  waiting: (n: number) => count(n, "person waits", "people wait"),
  admitOne: (name: string) => `Let ${name} in`,
  denyOne: (name: string) => `Send ${name} away`,

  // What may be done with one.
  writeTo: "Message privately",
  mute: "Mute microphone",
  isMuted: (name: string) => `${name} is muted.`,
  muteOne: (name: string) => `Mute ${name}'s microphone`,
  muteAndHold: "Mute and keep muted",
  askToUnmute: "Ask to unmute",
  stopCamera: "Turn camera off",
  stopScreen: "Stop screen share",
  lowerHand: "Lower hand",
  make: { guest: "Make guest", member: "Make member", moderator: "Make moderator", owner: "Make owner" } satisfies Record<Role, string>,
  makeOwnerOf: (name: string) => `Make ${name} an owner?`,
  ownerHint: "Owners may do everything here, and you can't take it back.",
  remove: "Remove",
  removeOne: (name: string) => `Remove ${name}?`,
  back: "May come back",
  backAfter: { 0: "At once", 600: "After 10 minutes", 3600: "After 1 hour", 86400: "After 1 day" },
  cancel: "Cancel",

  // Invitations.
  invite: "Role and validity of the link",
  copyLink: "Copy invite link",
  qrCode: "QR code",
  qrOf: "QR code with the link into this room",
  qrHint: "Point a phone's camera at it.",
  share: "Share",
  inviteAs: "People who use this link are",
  anyone: "As the room decides",
  goodFor: "Good for",
  spans: { 3600: "1 hour", 86400: "1 day", 604800: "1 week", 2592000: "30 days" },
  uses: "How many may use it",
  people: (n: number) => count(n, "person", "people"),
  copied: "The link is copied.",
  copyByHand: "Copy this link",

  // For the whole room.
  room: "The room",
  muteAll: "Mute everyone",
  mayUnmute: "Let them unmute themselves",
  lock: "Lock the room",
  lockHint: "Nobody new comes in.",
  slow: "Time between messages",
  slowSpans: { 0: "No wait", 10: "10 seconds", 30: "30 seconds", 60: "1 minute", 300: "5 minutes" },
  clear: "Clear the chat",
  clearSure: "Clear the chat for everyone?",
  clearDo: "Clear",
  end: "End for everyone",
  endSure: "End the room for everyone?",
  endDo: "End",
  done: "Done.",
  failed: "That did not work. Try again.",
  mayNot: "You may not do that.",
};

/** What one does in the chat. `call` is what a command is called after its slash. */
const writing = {
  lineHint: "Arrow keys go from message to message. Enter leads to what can be done with one.",
  actions: "What to do with this message",
  reply: "Reply",
  copy: "Copy",
  copied: "The message is copied.",
  answers: (name: string) => `Reply to ${name}`,
  answersYou: "Reply to you",
  stopAnswering: "Don't reply",
  gone: "That message is not here any more.",
  stopPrivate: "Write to everyone again",
  nowToAll: "Now you write to everyone.",
  emoji: "Emoji",
  suggestions: "Suggestions",
  command: {
    me: { call: "me", does: "Say what you do" },
    mute: { call: "mute", does: "Mute someone, or yourself" },
    kick: { call: "kick", does: "Remove someone" },
    lock: { call: "lock", does: "Let nobody new in" },
    unlock: { call: "unlock", does: "Open the room again" },
    slow: { call: "slow", does: "Set the time between messages" },
    clear: { call: "clear", does: "Clear the chat for everyone" },
    help: { call: "help", does: "Show what can be called" },
  },
  takes: { name: "name", words: "what you do", seconds: "seconds" },
  noCommand: (call: string) => `There is no /${call}. To write it all the same, begin with two slashes.`,
  missing: (call: string, takes: string) => `Write /${call} and then: ${takes}.`,
  nobody: (name: string) => `Nobody here is called ${name}.`,
  several: (name: string) => `More than one person is called ${name}. Choose in the list of people.`,
};

/** What is said while one gets ready. */
const ready = {
  joinsWith: {
    both: "You join with microphone and camera on.",
    mic: "You join with microphone on, camera off.",
    camera: "You join muted, with your camera on.",
    nothing: "You join muted, with your camera off.",
  },
  network: {
    checking: "Checking your connection…",
    good: "Your connection is good.",
    slow: "Your connection is slow. The others may hear you late.",
    detour: "Calls go over TCP here, which may stutter.",
    blocked: "We can't get sound and pictures through yet.",
  },
  playSound: "Play a test sound",
  soundPlaying: "Playing a sound…",
  deviceCame: (names: string) => `New: ${names}.`,
  useDevice: "Use it",
  deviceWent: (name: string) => `${name} is gone. Another device has taken its place.`,
};

/** What a verdict names: the server, and its ports that are blocked. */
export interface Named {
  readonly host: string;
  readonly udp: readonly number[];
  readonly tcp: readonly number[];
  readonly by: RelayTrial["by"] | undefined;
}

const list = new Intl.ListFormat("en");

function ports(protocol: string, numbers: readonly number[]): string {
  return `${protocol} ${numbers.length === 1 ? "port" : "ports"} ${list.format(numbers.map(String))}`;
}

function askToOpen({ host, udp, tcp }: Named): string {
  const [best, least] = [udp.length ? ports("UDP", udp) : "", tcp.length ? ports("TCP", tcp) : ""];
  if (!best && !least) return "";
  return ` Ask your administrator to open ${best || least} to ${host}${best && least ? `, or at least ${least}` : ""}.`;
}

const relayWays: Record<RelayTrial["by"], string> = { udp: "UDP", tcp: "TCP", tls: "TLS" };

const verdict: Record<Course | "unsupported", (named: Named) => string> = {
  udp: () => "Calls will work well from here.",
  "some-ports": (named) => `Calls will work, but not always well: ${ports("UDP", named.udp)} ${named.udp.length === 1 ? "is" : "are"} blocked.${askToOpen({ ...named, tcp: [] })}`,
  tcp: (named) => `Calls will work, over TCP: your network blocks UDP.${askToOpen({ ...named, tcp: [] })}`,
  relay: (named) => `Calls will work, through the relay over ${relayWays[named.by ?? "tls"]}: your network blocks the direct ways.${askToOpen(named)}`,
  blocked: (named) => `Calls will not work from here: your network blocks every way for sound and pictures.${askToOpen(named)}`,
  withheld: () => "This browser itself uses no UDP for calls, by a setting, an extension or a VPN. Allow WebRTC there, or try another browser: calls may work badly or not at all.",
  unreachable: ({ host }) => `We can't reach ${host}. Check your connection. If this page opened all the same, a proxy on the way may hold WebSockets back.`,
  untested: () => "The server is busy, and not everything could be tested. Check again in a moment.",
  unsupported: () => "This browser can't make calls: it has no WebRTC. Use a current Chrome, Edge, Firefox or Safari.",
};

const outcome: Record<Trial["outcome"] | "running", string> = {
  works: "Works", blocked: "Blocked", absent: "Not offered", withheld: "Held back by the browser", failed: "Not tested", running: "Checking…",
};

const permitted: Record<Permitted, string> = {
  granted: "Allowed", prompt: "You will be asked", denied: "Forbidden in this browser", missing: "None found",
  insecure: "Only on https pages", unknown: "Not known",
};

/** The connection check. */
const check = {
  title: "Connection check",
  intro: "Each way from this browser to the server, tried by itself.",
  checking: "Checking the ways to the server…",
  again: "Check again",
  copy: "Copy as text",
  copied: "The result is copied.",
  result: "Result as text",
  toStart: "First page",
  ways: "Ways to the server",
  browser: "This browser",
  server: "Server (WebSocket)",
  udp: "UDP",
  tcp: "TCP",
  relay: "Relay",
  relayBy: (by: RelayTrial["by"]) => `Relay over ${relayWays[by]}`,
  roundTrip: "Round trip",
  ipv4: "IPv4",
  ipv6: "IPv6",
  webrtc: "Calls (WebRTC)",
  microphone: "Microphone",
  camera: "Camera",
  codecs: "Codecs",
  milliseconds: (n: number) => `${n} ms`,
  port: (numbers: readonly number[]) => `${numbers.length === 1 ? "port" : "ports"} ${numbers.join(", ")}`,
  offered: "Works", // by the browser
  notOffered: "Missing",
  notReached: "Not from here",
  outcome,
  permitted,
  verdict,
  operator: "You run this server? If it is blocked from every network, the firewall of the server itself is closed. On the server, madang doctor prints the lines that open it.",
};

/** A few by their names, many by their number. */
function these(names: readonly string[]): string {
  return names.length > 2 ? `${names.length} people` : names.join(" and ");
}

/** What keys do, in the help; the keys themselves are called as they are printed. */
const keyboard = {
  title: "Keyboard shortcuts",
  groups: { self: "You", stage: "Pictures", room: "The room" },
  does: {
    mic: "Mute or unmute",
    talk: "Hold to speak",
    camera: "Camera on or off",
    share: "Share your screen or stop",
    hand: "Raise or lower your hand",
    reactions: "Show a reaction",
    chat: "Open or close the chat",
    people: "Open or close the people",
    close: "Close what is open",
    help: "Show this list",
    tiles: "Move among pictures",
    pin: "Pin it or let it go",
    previousPage: "People before these",
    nextPage: "More people",
    fullScreen: "Full screen or back",
  } satisfies Record<Command, string>,
  use: "Use keyboard shortcuts",
  whileWriting: "They rest while you write.",
  show: "Keyboard shortcuts",
  // How much screen readers say by themselves.
  aloud: "Announcements for screen readers",
  amounts: { off: "None", important: "Only what matters", all: "All" } satisfies Record<Aloud, string>,
};

export const en = {
  languageLabel: "Language",

  // The first page.
  welcome: "Meet in the yard",
  welcomeText: "Name a room, share its link, and talk. Nothing to install, no account.",
  roomName: "Room name",
  openRoom: "Open room",
  newRoom: "New room",
  recentRooms: "Recent rooms",
  forgetRoom: (room: string) => `Forget ${room}`,
  noRoomName: "Write the name of a room.",
  badRoomName: "That name can't be a room. Use a few letters, digits, and dashes.",

  // The lobby.
  name: "Name",
  join: "Join",
  joining: "Joining…",
  nameMissing: "Tell the others your name.",
  password: "Password",
  passwordMissing: "This room asks for a password.",
  havePassword: "I have a password",
  invited: "You have an invitation.",
  invitationMissing: "You can come in with an invitation. Ask someone of this room for a link.",
  badInvitation: "This invitation is not good any more. Ask for a new one.",
  waiting: "Somebody will let you in",
  waitingText: "Stay here. The room opens by itself.",
  denied: "You were not let in. Ask the person who invited you.",
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
  turnCamera: "Turn camera",
  turnCameraAway: "Show what is in front of you.",
  turnCameraBack: "Show yourself.",
  shareScreen: "Share screen",
  sharingOff: "Show your screen or a window to everyone.",
  sharingOn: "You are sharing your screen. Press to stop.",
  youAreGuest: "You are a guest: you can watch and listen.",
  heldMuted: "Someone keeps your microphone muted. Raise your hand to speak.",
  heldOff: "Someone keeps your camera off.",
  heldScreen: "Someone keeps your screen from being shared.",
  raiseHand: "Raise hand",
  handDown: "Ask to speak.",
  handUp: (place: number) => `Your hand is up, number ${place}. Press to lower it.`,
  reactions: "Reactions",
  reactionsHint: "Show how you feel, for a moment.",
  emoji: { "👏": "Applause", "👍": "Thumbs up", "❤️": "Heart", "😂": "Laughing", "😮": "Surprised", "🎉": "Celebrating" },
  members: "People",
  membersHint: "Who is here, and invitations.",
  chat: "Chat",
  chatHint: "Write to the others.",
  unread: (n: number) => count(n, "new message", "new messages"),
  copied: "The link is copied.",
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
  unpinned: "The picture is let go.",
  spotlight: (name: string) => `Spotlight ${name}`,
  spotlightHint: "Make this picture large for everyone.",
  inSpotlight: "This picture is large for everyone. Press to end that.",
  fullScreenOf: (name: string) => `Full screen of ${name}`,
  fullScreenOff: "Give this picture the whole screen.",
  fullScreenOn: "Press to see everyone again.",
  hideSelf: "Hide my picture",
  hideSelfHint: "Others still see you.",
  showSelf: "Show my picture",
  view: "View",
  layout: { grid: "Everyone alike", speaker: "Speaker large" } satisfies Record<Layout, string>,
  fullScreen: "Full screen",
  pip: "Small window",
  backToRoom: "Back to the room",
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
  pages: "Pages",
  previousPage: "Previous page",
  nextPage: "Next page",
  pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`,
  alone: "You are the only one here.",
  aloneText: "Send the link to the people you want to meet.",
  sharing: "You are sharing your screen.",
  stopSharing: "Stop sharing",
  soundBlocked: "Your browser holds the sound back.",
  startSound: "Turn on sound",
  handOf: (name: string | undefined, place: number) => `${name === undefined ? "Your" : `${name}'s`} hand is up, number ${place}`,
  raised: (...names: readonly string[]) => `${these(names)} raised a hand.`,
  shares: (...names: readonly string[]) => `${these(names)} ${names.length === 1 ? "shares" : "share"} a screen.`,
  sharesNoMore: (...names: readonly string[]) => `${these(names)} stopped sharing.`,
  connectedAgain: "You are connected again.",
  reacted: (name: string, emoji: string) => `${name}: ${emoji}`,
  joined: (...names: readonly string[]) => `${these(names)} joined.`,
  left: (...names: readonly string[]) => `${these(names)} left.`,

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
  showChat: "Open the chat",
  sending: "Sending…",
  failed: "Not sent.",
  resend: "Send again",
  deleteMessage: "Delete",
  chatBreak: "The server restarted. Messages before this line may be missing for others.",
  messageTooLong: "This message is too long.",
  chatCleared: "The chat was cleared.",
  mayNotChat: "You can't write in this room.",
  slowMode: (seconds: number) => (seconds % 60
    ? `One message every ${count(seconds, "second", "seconds")}.` : `One message every ${count(seconds / 60, "minute", "minutes")}.`),
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
  ended: "The room has ended",
  backToStart: "Choose another room",
  dismiss: "Dismiss",
  checkConnection: "Check your connection",
  serverBusy: "The server is busy.",
  tryingAgainIn: (seconds: number) => `Trying again in ${count(seconds, "second", "seconds")}…`,
  cancel: "Cancel",
  unknownTrouble: "Something went wrong. Try again.",
  trouble,
  care,
  ready,
  conduct,
  check,
  keyboard,
  writing,
};

/** What a language must say. */
export type Messages = {
  readonly [K in keyof typeof en]: (typeof en)[K];
};

/** Those of what people do to each other. */
export type ConductMessages = Messages["conduct"];

/** Those of what one does in the chat. */
export type WritingMessages = Messages["writing"];

/** Those of the connection check. */
export type CheckMessages = Messages["check"];
