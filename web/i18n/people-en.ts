// The words of what people do to each other, in English: who is here, who may come
// in, how the room is run, and what one is told of that.

import type { Role } from "../sdk/index.ts";

const plurals = new Intl.PluralRules("en");

function count(n: number, one: string, many: string): string {
  return `${n} ${plurals.select(n) === "one" ? one : many}`;
}

const role: Record<Role, string> = { guest: "Guest", member: "Member", moderator: "Moderator", owner: "Owner" };

export const en = {
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
  mute: "Mute microphone",
  muteAndHold: "Mute and keep muted",
  askToUnmute: "Ask to unmute",
  stopCamera: "Turn camera off",
  stopScreen: "Stop screen share",
  lowerHand: "Lower hand",
  make: { guest: "Make guest", member: "Make member", moderator: "Make moderator", owner: "Make owner" } satisfies Record<Role, string>,
  remove: "Remove",
  removeOne: (name: string) => `Remove ${name}?`,
  back: "May come back",
  backAfter: { 0: "At once", 600: "After 10 minutes", 3600: "After 1 hour", 86400: "After 1 day" },
  cancel: "Cancel",

  // Invitations.
  invite: "Invite",
  copyLink: "Copy invite link",
  inviteAs: "Who comes with it is",
  anyone: "What the room says",
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
  slowSpans: { 0: "None", 10: "10 seconds", 30: "30 seconds", 60: "1 minute", 300: "5 minutes" },
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

/** What a language must say. */
export type PeopleMessages = {
  readonly [K in keyof typeof en]: (typeof en)[K];
};
