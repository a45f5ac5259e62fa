// Every key that does something in a room. From this one table come what listens,
// the hints of the buttons, aria-keyshortcuts and the help.

export interface Key {
  /** Which keys, as nameOf calls them. */
  readonly keys: readonly string[];
  /** What is printed on them, where it is something else; it is the same in all languages. */
  readonly printed?: string;
  readonly group: "self" | "stage" | "room";
  /** It goes on doing what it does while it is held. */
  readonly repeats?: true;
}

const catalogue = {
  mic: { keys: ["M"], group: "self" },
  talk: { keys: ["Space"], group: "self" },
  camera: { keys: ["V"], group: "self" },
  share: { keys: ["S"], group: "self" },
  hand: { keys: ["H"], group: "self" },
  reactions: { keys: ["R"], group: "self" },
  chat: { keys: ["C"], group: "room" },
  people: { keys: ["P"], group: "room" },
  close: { keys: ["Escape"], printed: "Esc", group: "room" },
  help: { keys: ["?"], group: "room" },
  tiles: { keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], printed: "← ↑ ↓ →", group: "stage", repeats: true },
  pin: { keys: ["Enter"], group: "stage" },
  previousPage: { keys: ["PageUp"], printed: "Page Up", group: "stage", repeats: true },
  nextPage: { keys: ["PageDown"], printed: "Page Down", group: "stage", repeats: true },
  fullScreen: { keys: ["F"], group: "stage" },
} as const satisfies Record<string, Key>;

export type Command = keyof typeof catalogue;
export type Group = Key["group"];

export const keys: Readonly<Record<Command, Key>> = catalogue;
export const commands = Object.keys(catalogue) as readonly Command[];

/** What is printed on the keys of a command. */
export function printedOn(command: Command): string {
  const { keys: [first], printed } = keys[command];
  return printed ?? first!;
}

/** The keys of a command as aria-keyshortcuts has them. */
export function ariaKeys(command: Command): string {
  return keys[command].keys.join(" ");
}

/**
 * What we call a key: the Latin letter on it, else what it does. On a keyboard
 * of another script, as Korean, a letter is known by its place.
 */
export function nameOf({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  if (key === " ") return "Space";
  const isLatin = /^[\x20-\x7e]$/.test(key);
  return !isLatin && /^Key[A-Z]$/.test(code) ? code.slice(3) : key;
}
