// Which page an address shows.

export type Route = { readonly page: "home" | "check" } | { readonly page: "room"; readonly room: string };

const MOST_BYTES = 64; // of UTF-8, as the protocol has it

/** Where the connection check is. */
export const checkPath = "/test";

/** Reads a path: /r/{room} is a room, /test the connection check, everything else the first page. */
export function routeOf(pathname: string): Route {
  if (pathname === checkPath) return { page: "check" };
  const match = /^\/r\/([^/]+)\/?$/.exec(pathname);
  if (!match) return { page: "home" };
  try {
    return { page: "room", room: decodeURIComponent(match[1]!) };
  } catch {
    return { page: "home" };
  }
}

/** Returns the path of a room. */
export function pathOf(room: string): string {
  return `/r/${encodeURIComponent(room)}`;
}

/** The link that brings others to a room. */
export function inviteLink(room: string): string {
  return location.origin + pathOf(room);
}

/** Makes a room's name of what somebody typed, or undefined where that cannot be: "Team lunch" → "team-lunch". */
export function roomNameFrom(typed: string): string | undefined {
  const name = typed.normalize("NFC").trim().toLowerCase().replace(/\s+/g, "-");
  const valid = /^[\p{L}\p{N}._-]+$/u.test(name) && !/^\.+$/.test(name) && new TextEncoder().encode(name).length <= MOST_BYTES;
  return valid ? name : undefined;
}

// Letters that nobody mistakes for another when reading them aloud.
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

/** Makes a name that nobody guesses (59 bits): "k3fa-x2mq-7dpa". */
export function randomRoomName(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
  const letters: string[] = [];
  while (letters.length < 12) {
    for (const byte of random(new Uint8Array(16))) {
      // Bytes past the last whole alphabet would make the first letters likelier.
      if (byte < 248 && letters.length < 12) letters.push(LETTERS[byte % LETTERS.length]!);
    }
  }
  return [0, 4, 8].map((at) => letters.slice(at, at + 4).join("")).join("-");
}
