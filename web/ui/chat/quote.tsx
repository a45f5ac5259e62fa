// A line in short, where another answers it.

import type { ChatMessage } from "../../sdk/index.ts";
import { useWords } from "../page.ts";
import { actionIn } from "./commands.ts";
import { parse, plainText } from "./markdown.ts";

/** Above an answer: what it answers; pressed, it leads there. */
export function Quote({ message, show }: { message: ChatMessage | undefined; show: (message: ChatMessage) => void }) {
  const words = useWords().writing;
  if (!message) return <p class="quote quiet">{words.gone}</p>;
  return (
    <button type="button" class="quote" onClick={() => show(message)}>
      <b><bdi>{message.mine ? words.answersYou : words.answers(message.name)}</bdi></b>
      <bdi>{inShort(message.text)}</bdi>
    </button>
  );
}

const SHORT = 160;

/** The beginning of a text on one line, without marks. */
export function inShort(text: string): string {
  return plainText(parse(actionIn(text) ?? text)).replace(/\s+/g, " ").trim().slice(0, SHORT);
}
