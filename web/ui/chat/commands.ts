// The commands that one may write behind a slash: one catalogue for what is done,
// completed and shown.

import type { WritingMessages } from "../../i18n/index.ts";
import { isAbove, type Member, type Permission } from "../../sdk/index.ts";
import type { Session } from "../session.ts";

export type CommandName = keyof WritingMessages["command"];

export interface Command {
  readonly name: CommandName;
  /** What stands behind it: nothing, or a name, seconds, words; `optional`: or nothing. */
  readonly takes?: "name" | "words" | "seconds";
  readonly optional?: boolean;
  /** Who may use it. */
  readonly needs: Permission;
}

export const commands: readonly Command[] = [
  { name: "me", takes: "words", needs: "chat" },
  { name: "mute", takes: "name", optional: true, needs: "chat" }, // others: by who moderates
  { name: "kick", takes: "name", needs: "moderate" },
  { name: "lock", needs: "moderate" },
  { name: "unlock", needs: "moderate" },
  { name: "slow", takes: "seconds", needs: "moderate" },
  { name: "clear", needs: "moderate" },
  { name: "help", needs: "chat" },
];

/** What was written: a line to send, a command with what stands behind it, or one that there is not. */
export type Written =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "command"; readonly command: Command; readonly call: string; readonly rest: string }
  | { readonly kind: "unknown"; readonly call: string };

/** Reads what was written. Two slashes at the front are one, and no command. */
export function read(text: string, words: WritingMessages): Written {
  if (text.startsWith("//")) return { kind: "line", text: asWritten(text.slice(1)) };
  const [, call, rest = ""] = /^\/(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (call === undefined) return { kind: "line", text };
  const command = commands.find((command) => isCall(command, call, words));
  return command ? { kind: "command", command, call, rest: rest.trim() } : { kind: "unknown", call };
}

/** Is a command called so: in English in every language, and as the language calls it. */
export function isCall({ name }: Command, call: string, words: WritingMessages): boolean {
  return [name, words.command[name].call].includes(call.normalize("NFC").toLowerCase());
}

const ACTION = "/me ";

/** What a line says that its author does ("waves"), if it is one that does (XEP-0245). */
export function actionIn(text: string): string | undefined {
  return text.startsWith(ACTION) ? text.slice(ACTION.length) : undefined;
}

/** The line by which one does something. */
export const asAction = (what: string) => ACTION + what;

/** A line that begins like an action, and is none. */
const asWritten = (text: string) => (text.startsWith(ACTION) ? ` ${text}` : text);

/** Those whom commands may be about: of a lower role. */
export function subjects({ conduct, members }: Session): Member[] {
  const { role, may } = conduct.standing.value;
  return may.has("moderate") ? members.value.filter((member) => !member.me && isAbove(role, member.role)) : [];
}
