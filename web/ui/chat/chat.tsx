// The chat: what was said, and the box to say something.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ChatLine } from "./chat-line.tsx";
import { Composer } from "./composer.tsx";
import { Icon } from "../parts/icons.tsx";
import { usePage, useWords } from "../page.ts";
import { PanelFrame } from "../room/panel.tsx";
import type { Session } from "../session.ts";

export function ChatPanel({ session }: { session: Session }) {
  const words = useWords();
  return (
    <PanelFrame session={session} title={words.chat}>
      <Log session={session} />
      <Typing session={session} />
      <Slow session={session} />
      {session.conduct.may("chat") ? <Composer session={session} /> : <p class="no-chat quiet">{words.mayNotChat}</p>}
    </PanelFrame>
  );
}

function Log({ session }: { session: Session }) {
  const { words } = usePage();
  const messages = session.messages.value;
  const caughtUp = session.caughtUp.value;
  const log = useRef<HTMLDivElement>(null);
  const { atEnd, toEnd } = useStickToEnd(log, messages);
  return (
    <div class="log-frame">
      {/* History is read when one wants to, not aloud at once. */}
      <div class="log" ref={log} role="log" aria-label={words.chat} aria-live={caughtUp ? "polite" : "off"} tabIndex={0}>
        {messages.length === 0 && <p class="log-empty quiet">{caughtUp ? words.noMessages : words.loadingMessages}</p>}
        {messages.map((message, i) => (
          <ChatLine key={message.cid} session={session} message={message} before={messages[i - 1]} />
        ))}
      </div>
      {!atEnd && (
        <button type="button" class="button small to-end" onClick={toEnd}><Icon name="down" />{words.newMessages}</button>
      )}
    </div>
  );
}

const NEAR_END = 40; // pixels

/** Keeps the newest line in sight unless the reader has scrolled away. */
function useStickToEnd(log: RefObject<HTMLDivElement | null>, messages: readonly unknown[]) {
  const [atEnd, setAtEnd] = useState(true);
  const sticks = useRef(true);
  const toEnd = () => log.current?.scrollTo({ top: log.current.scrollHeight });
  useEffect(() => {
    const target = log.current;
    if (!target) return;
    const look = () => {
      sticks.current = target.scrollHeight - target.scrollTop - target.clientHeight < NEAR_END;
      setAtEnd(sticks.current);
    };
    target.addEventListener("scroll", look, { passive: true });
    // A keyboard or a larger box takes room away from the lines.
    const observer = new ResizeObserver(() => sticks.current && toEnd());
    observer.observe(target);
    return () => {
      target.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (sticks.current) toEnd();
  }, [messages]);
  return { atEnd, toEnd };
}

/** Says how seldom one may write, and that somebody has cleared it all. */
function Slow({ session }: { session: Session }) {
  const words = useWords();
  const { slow } = session.conduct.standing.value;
  const clearings = session.conduct.clearings.value;
  const before = useRef(clearings);
  return (
    <>
      {slow > 0 && <p class="typing quiet">{words.slowMode(slow)}</p>}
      <p class="heard-only" role="status">{clearings > before.current && words.chatCleared}</p>
    </>
  );
}

function Typing({ session }: { session: Session }) {
  const words = useWords();
  const members = session.members.value;
  const names = session.typing.value.flatMap((id) => members.find((member) => member.id === id)?.name ?? []);
  return <p class="typing quiet">{names.length > 0 && words.typing(names)}</p>;
}
