// What the page remembers on this device. A browser that forbids storage
// forgets, and nothing else changes.

import type { DeviceKind } from "../sdk/index.ts";
import { isLanguage, type Language } from "../i18n/index.ts";
import type { Layout } from "./stage/mains.ts";

export interface Remembered {
  readonly name: string;
  readonly mic: boolean;
  readonly camera: boolean;
  /** Chosen devices by their ids; what is missing is left to the system. */
  readonly devices: Readonly<Partial<Record<DeviceKind, string>>>;
  /** Chosen by hand; absent: as the browser asks. */
  readonly language?: Language;
  /** How one wants to see rooms. */
  readonly layout: Layout;
  readonly selfHidden: boolean;
  /** Names of rooms, the newest first. */
  readonly rooms: readonly string[];
  /** Do single keys do things in a room. */
  readonly shortcuts: boolean;
  /** How much a screen reader is told without being asked. */
  readonly aloud: Aloud;
}

const amounts = ["off", "important", "all"] as const;
export type Aloud = (typeof amounts)[number];

const KEY = "madang";
const MOST_ROOMS = 5;

/** Reads what is remembered; whatever is missing or damaged has its default. */
export function recall(storage: Storage | undefined): Remembered {
  const saved = parse(storage);
  const { language } = saved;
  return {
    name: typeof saved.name === "string" ? saved.name.slice(0, 64) : "",
    mic: saved.mic !== false,
    camera: saved.camera !== false,
    ...(typeof language === "string" && isLanguage(language) ? { language } : {}),
    devices: chosenDevices(saved.devices),
    layout: saved.layout === "speaker" ? "speaker" : "grid",
    selfHidden: saved.selfHidden === true,
    rooms: Array.isArray(saved.rooms) ? saved.rooms.filter((room) => typeof room === "string").slice(0, MOST_ROOMS) : [],
    shortcuts: saved.shortcuts !== false,
    aloud: amounts.find((amount) => amount === saved.aloud) ?? "all",
  };
}

/** Remembers the change beside the rest. */
export function remember(storage: Storage | undefined, change: Partial<Remembered>): void {
  try {
    storage?.setItem(KEY, JSON.stringify({ ...recall(storage), ...change }));
  } catch {
    // Full or forbidden: this visit goes on without.
  }
}

/** Returns the rooms with this one in front. */
export function withRoom(rooms: readonly string[], room: string): string[] {
  return [room, ...rooms.filter((other) => other !== room)].slice(0, MOST_ROOMS);
}

/** The device's storage, or undefined where it is forbidden. */
export const deviceStorage = () => unlessForbidden(() => window.localStorage);
/** The tab's, likewise. */
export const tabStorage = () => unlessForbidden(() => window.sessionStorage);

function unlessForbidden(storage: () => Storage): Storage | undefined {
  try {
    return storage();
  } catch {
    return undefined;
  }
}

function chosenDevices(saved: unknown): Remembered["devices"] {
  const kinds: readonly DeviceKind[] = ["microphone", "camera", "speaker"];
  const ids = typeof saved === "object" && saved !== null ? saved as Record<string, unknown> : {};
  return Object.fromEntries(kinds.filter((kind) => typeof ids[kind] === "string").map((kind) => [kind, ids[kind]]));
}

function parse(storage: Storage | undefined): Record<string, unknown> {
  try {
    const saved: unknown = JSON.parse(storage?.getItem(KEY) ?? "{}");
    return typeof saved === "object" && saved !== null ? saved as Record<string, unknown> : {};
  } catch {
    return {};
  }
}
