// What one may go on to write: commands behind a slash, and names behind a command.

import type { WritingMessages } from "../../i18n/index.ts";
import type { Permission } from "../../sdk/index.ts";
import { isFound } from "../people/people.ts";
import { type Command, commands, isCall } from "./commands.ts";

export interface Suggestion {
  readonly key: string;
  /** What the box has once it is taken. */
  readonly text: string;
  readonly command?: Command;
  /** Else the name of somebody. */
  readonly name?: string;
}

export interface Suggestions {
  readonly all: readonly Suggestion[];
  /** Is the first one meant: else Enter is for what was written. */
  readonly meant: boolean;
}

export interface Around {
  readonly words: WritingMessages;
  may(what: Permission): boolean;
  /** The names of those whom commands may be about. */
  readonly names: readonly string[];
}

const MOST = 50;
const nothing: Suggestions = { all: [], meant: false };

/** What may follow a text. */
export function suggest(text: string, around: Around): Suggestions {
  const [, call, rest] = /^\/([^\s/]*)(?:\s+(.*))?$/.exec(text) ?? [];
  if (call === undefined) return nothing;
  return rest === undefined ? suggestCommands(call, around) : suggestNames(call, rest, around);
}

function suggestCommands(written: string, { words, may }: Around): Suggestions {
  const calls = ({ name }: Command) => [words.command[name].call, name];
  const begins = (command: Command) => calls(command).some((call) => call.startsWith(written));
  const found = commands.filter((command) => may(command.needs) && calls(command).some((call) => isFound(call, written)));
  return {
    all: found.toSorted((a, b) => Number(begins(b)) - Number(begins(a))).map((command) => ({
      key: command.name, text: `/${words.command[command.name].call}${command.takes ? " " : ""}`, command,
    })),
    meant: written !== "" && !found.some((command) => isCall(command, written, words)),
  };
}

function suggestNames(call: string, written: string, { words, may, names }: Around): Suggestions {
  const command = commands.find((command) => isCall(command, call, words));
  if (command?.takes !== "name" || !may(command.needs)) return nothing;
  return {
    all: [...new Set(names)].filter((name) => isFound(name, written)).slice(0, MOST).map((name) => ({ key: name, text: `/${call} ${name}`, name })),
    meant: written !== "" && !names.includes(written),
  };
}
