// One line of the chat.

import { memo } from "../parts/memo.ts";
import { timeOfDay } from "../../i18n/index.ts";
import { type ChatMessage, isAbove } from "../../sdk/index.ts";
import { linkify } from "./linkify.ts";
import { usePage } from "../page.ts";
import type { Session } from "../session.ts";

interface ChatLineProps {
  session: Session;
  message: ChatMessage;
  before: ChatMessage | undefined;
}

const SAME_BREATH = 3 * 60_000; // milliseconds

export const ChatLine = memo(function ChatLine({ session, message, before }: ChatLineProps) {
  const { words, language } = usePage();
  const goesOn = !message.afterBreak && before !== undefined && before.from === message.from && before.to === message.to
    && message.at - before.at < SAME_BREATH;
  return (
    <>
      {message.afterBreak && <p class="log-break quiet" role="separator">{words.chatBreak}</p>}
      <article class={`line ${message.mine ? "mine" : ""} ${goesOn ? "goes-on" : ""} ${message.state}`}>
        {!goesOn && (
          <header>
            <b><bdi>{message.mine ? words.you : message.name}</bdi></b>
            <time dateTime={new Date(message.at).toISOString()}>{timeOfDay(language, message.at)}</time>
            {message.to && <span class="private">{message.mine ? words.privateTo(nameOf(session, message.to)) : words.privateFrom}</span>}
          </header>
        )}
        <p class="line-text">{linkify(message.text).map((piece) => (
          piece.href
            ? <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>
            : piece.text
        ))}</p>
        <LineState session={session} message={message} />
      </article>
    </>
  );
});

function nameOf(session: Session, id: string): string {
  return session.members.peek().find((member) => member.id === id)?.name ?? "…";
}

/** May we take back a line of somebody else: of a lower role, or gone. */
function mayTakeBack({ conduct, members }: Session, { from }: ChatMessage): boolean {
  const author = members.peek().find(({ id }) => id === from);
  return conduct.may("moderate") && (!author || isAbove(conduct.standing.value.role, author.role));
}

/** Under one's own lines, and those that one may take back: did it arrive, and what can be done. */
function LineState({ session, message }: { session: Session; message: ChatMessage }) {
  const { words } = usePage();
  if (!message.mine && !mayTakeBack(session, message)) return null;
  if (message.state === "sending") return <p class="line-state quiet">{words.sending}</p>;
  if (message.state === "failed") {
    const why = message.error !== undefined && message.error in words.trouble
      ? words.trouble[message.error as keyof typeof words.trouble] : "";
    return (
      <p class="line-state trouble" role="alert">
        {words.failed} {why}
        <button type="button" class="text-button" onClick={() => session.chat?.retry(message.cid)}>{words.resend}</button>
      </p>
    );
  }
  const { id } = message;
  return id === undefined ? null : (
    <p class="line-state line-actions">
      <button type="button" class="text-button" onClick={() => session.chat?.delete(id)}>{words.deleteMessage}</button>
    </p>
  );
}
