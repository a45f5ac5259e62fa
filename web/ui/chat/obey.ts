// What a command does. Its code comes when the first one is written.

import type { Messages } from "../../i18n/index.ts";
import type { Member } from "../../sdk/index.ts";
import type { Session } from "../session.ts";
import { asAction, subjects, type Written } from "./commands.ts";

/** What came of a command. */
export type Outcome =
  | { readonly said: string } // and what was written stays
  | { readonly line: string } // to send
  | { readonly text: string } // to go on with
  | { readonly doing: Promise<void> | undefined }
  | Question;

/** Something that hurts: it is asked once more. */
export interface Question {
  readonly question: string;
  readonly yes: string;
  act(): Promise<void> | undefined;
}

export function obey(session: Session, words: Messages, { command, call, rest }: Extract<Written, { kind: "command" }>): Outcome {
  const { moderation, conduct } = session;
  if (!conduct.may(command.needs)) return { said: words.conduct.mayNot };
  if (command.takes && !command.optional && !rest) return { said: words.writing.missing(call, words.writing.takes[command.takes]) };
  switch (command.name) {
    case "me":
      return { line: asAction(rest) };
    case "help":
      return { text: "/" };
    case "mute":
      if (!rest) return { doing: session.devices.setMic(false) };
      return about(session, words, rest, ({ id }) => ({ doing: moderation?.mute("mic", { member: id }) }));
    case "kick":
      return about(session, words, rest, ({ id, name }) => ({
        question: words.conduct.removeOne(name), yes: words.conduct.remove, act: () => moderation?.kick(id),
      }));
    case "lock":
    case "unlock":
      return { doing: moderation?.lock(command.name === "lock") };
    case "slow":
      if (!/^\d{1,4}$/.test(rest) || Number(rest) > 3600) return { said: words.writing.missing(call, words.writing.takes.seconds) };
      return { doing: moderation?.slow(Number(rest)) };
    case "clear":
      return { question: words.conduct.clearSure, yes: words.conduct.clearDo, act: () => moderation?.clearChat() };
  }
}

/** Finds the one that is meant. */
function about(session: Session, words: Messages, name: string, act: (member: Member) => Outcome): Outcome {
  const others = session.members.value.filter(({ me }) => !me);
  const [one, another] = calledSo(others, name);
  if (!one) return { said: words.writing.nobody(name) };
  if (another) return { said: words.writing.several(name) };
  return subjects(session).includes(one) ? act(one) : { said: words.conduct.mayNot };
}

/** Everybody of this name: those who are called just so or, where nobody is, those whose name begins so. */
export function calledSo<P extends { readonly name: string }>(people: readonly P[], name: string): P[] {
  const plain = (text: string) => text.normalize("NFKC").toLowerCase();
  const so = people.filter((person) => plain(person.name) === plain(name));
  return so.length > 0 ? so : people.filter((person) => plain(person.name).startsWith(plain(name)));
}
