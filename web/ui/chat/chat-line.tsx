// One line of the chat.

import { memo } from "../parts/memo.ts";
import { timeOfDay } from "../../i18n/index.ts";
import type { ChatMessage } from "../../sdk/index.ts";
import { actionIn } from "./commands.ts";
import { LineText } from "./line-text.tsx";
import { Quote } from "./quote.tsx";
import { usePage } from "../page.ts";
import { Icon } from "../parts/icons.tsx";
import type { Session } from "../session.ts";

interface ChatLineProps {
  session: Session;
  message: ChatMessage;
  /** The line above, of the same day. */
  before: ChatMessage | undefined;
  /** The line that this one answers, if it is known. */
  answered: ChatMessage | undefined;
  /** Is it the one that something may be done with now. */
  chosen: boolean;
  show: (message: ChatMessage) => void;
}

const SAME_BREATH = 3 * 60_000; // milliseconds

export const ChatLine = memo(function ChatLine({ session, message, before, answered, chosen, show }: ChatLineProps) {
  const { words } = usePage();
  const action = actionIn(message.text);
  const goesOn = action === undefined && before !== undefined && isOneBreath(before, message);
  const kinds = [message.mine && "mine", message.to && "private", goesOn && "goes-on", action !== undefined && "action", chosen && "chosen", message.state];
  return (
    <>
      {message.afterBreak && <p class="log-break quiet">{words.chatBreak}</p>}
      <article class={`line ${kinds.filter(Boolean).join(" ")}`} tabIndex={-1} data-cid={message.cid}>
        {!goesOn && <Head session={session} message={message} />}
        <div class="bubble">
          {message.reply && <Quote message={answered} show={show} />}
          {action === undefined ? <LineText text={message.text} /> : <Action name={message.name} what={action} />}
        </div>
        <LineState session={session} message={message} />
      </article>
    </>
  );
});

function isOneBreath(before: ChatMessage, { from, to, at, afterBreak }: ChatMessage): boolean {
  return !afterBreak && before.from === from && before.to === to && at - before.at < SAME_BREATH && actionIn(before.text) === undefined;
}

/** Who says it, when, and to whom where that is not everybody. */
function Head({ session, message }: { session: Session; message: ChatMessage }) {
  const { words, language } = usePage();
  return (
    <header>
      <b><bdi>{message.mine ? words.you : message.name}</bdi></b>
      <time dateTime={new Date(message.at).toISOString()}>{timeOfDay(language, message.at)}</time>
      {message.to && (
        <span class="for-whom"><Icon name="lock" />{message.mine ? words.privateTo(nameOf(session, message.to)) : words.privateFrom}</span>
      )}
    </header>
  );
}

/** "Mina waves". */
function Action({ name, what }: { name: string; what: string }) {
  return <p class="line-text"><b><bdi>{name}</bdi></b> <span dir="auto">{what}</span></p>;
}

function nameOf(session: Session, id: string): string {
  return session.members.peek().find((member) => member.id === id)?.name ?? "…";
}

/** Under a line of ours that is not there yet: what became of it. */
function LineState({ session, message }: { session: Session; message: ChatMessage }) {
  const { words } = usePage();
  if (message.state === "sending") return <p class="line-state quiet">{words.sending}</p>;
  if (message.state !== "failed") return null;
  const why = message.error !== undefined && message.error in words.trouble
    ? words.trouble[message.error as keyof typeof words.trouble] : "";
  return (
    <p class="line-state trouble">
      {words.failed} {why}
      <button type="button" class="text-button" onClick={() => session.chat?.retry(message.cid)}>{words.resend}</button>
    </p>
  );
}
