// What was said.

import type { RefObject } from "preact";
import { Fragment } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ChatMessage } from "../../sdk/index.ts";
import { usePage } from "../page.ts";
import { Icon } from "../parts/icons.tsx";
import type { Session } from "../session.ts";
import { ChatLine } from "./chat-line.tsx";
import { daysBetween, sayDay, untilTomorrow } from "./days.ts";
import { LineActions } from "./line-actions.tsx";

interface LogProps {
  session: Session;
  say: (said: string) => void;
}

export function Log({ session, say }: LogProps) {
  const { words } = usePage();
  const messages = session.messages.value;
  const caughtUp = session.caughtUp.value;
  const frame = useRef<HTMLDivElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const { atEnd, toEnd } = useStickToEnd(log, messages);
  const [chosen, choose] = useState<string>();
  const message = messages.find(({ cid }) => cid === chosen);
  const chooseIn = ({ target }: Event) => choose((target as Element).closest<HTMLElement>("article")?.dataset.cid);
  const show = useCallback(({ cid }: ChatMessage) => lineOf(log.current, cid)?.focus(), []);
  useFocusInLog(frame, log, message);
  return (
    <div class="log-frame" ref={frame} onPointerLeave={() => frame.current?.contains(document.activeElement) || choose(undefined)}>
      {/* History is read when one wants to, not aloud at once. */}
      <div
        class="log" ref={log} role="log" aria-label={words.chat} aria-description={words.writing.lineHint} aria-live={caughtUp ? "polite" : "off"} tabIndex={0}
        onPointerOver={chooseIn} onFocusIn={chooseIn} onKeyDown={(event) => walk(event, frame.current)}
      >
        {messages.length === 0 && <p class="log-empty quiet">{caughtUp ? words.noMessages : words.loadingMessages}</p>}
        <Lines session={session} messages={messages} chosen={chosen} show={show} />
      </div>
      {message && <LineActions session={session} message={message} log={log} say={say} back={() => show(message)} />}
      {!atEnd && (
        <button type="button" class="button small to-end" onClick={toEnd}><Icon name="down" />{words.newMessages}</button>
      )}
    </div>
  );
}

interface LinesProps {
  session: Session;
  messages: readonly ChatMessage[];
  chosen: string | undefined;
  show: (message: ChatMessage) => void;
}

/** The lines, with a mark where another day begins. */
function Lines({ session, messages, chosen, show }: LinesProps) {
  const { language } = usePage();
  const now = useToday();
  const known = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages]);
  return messages.map((message, i) => {
    const above = messages[i - 1];
    const newDay = daysBetween(above?.at ?? now, message.at) !== 0;
    return (
      <Fragment key={message.cid}>
        {newDay && <p class="day quiet">{sayDay(language, message.at, now)}</p>}
        <ChatLine
          session={session} message={message} before={newDay ? undefined : above} answered={message.reply ? known.get(message.reply) : undefined}
          chosen={message.cid === chosen} show={show}
        />
      </Fragment>
    );
  });
}

/** Some time of today, another one tomorrow. */
function useToday(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), untilTomorrow(now));
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}

function lineOf(log: HTMLElement | null, cid: string): HTMLElement | undefined {
  return log?.querySelector<HTMLElement>(`[data-cid="${CSS.escape(cid)}"]`) ?? undefined;
}

/** From line to line by arrow keys, and to what can be done with one by Enter. */
function walk(event: KeyboardEvent, frame: HTMLElement | null): void {
  const target = event.target as HTMLElement;
  if (!frame || !target.matches("article, .log")) return;
  const lines = [...frame.querySelectorAll<HTMLElement>("article")];
  const at = lines.indexOf(target);
  const to: Record<string, HTMLElement | null | undefined> = {
    ArrowUp: lines.at(at < 0 ? -1 : Math.max(0, at - 1)),
    ArrowDown: lines.at(at < 0 ? -1 : Math.min(at + 1, lines.length - 1)),
    Home: lines[0],
    End: lines.at(-1),
    Enter: at < 0 ? null : frame.querySelector<HTMLElement>(".line-actions button"),
  };
  if (!to[event.key]) return;
  event.preventDefault();
  to[event.key]?.focus();
}

/** Keeps the focus in the log when the line goes that it was about. */
function useFocusInLog(frame: RefObject<HTMLElement | null>, log: RefObject<HTMLElement | null>, message: ChatMessage | undefined): void {
  const within = useRef(false);
  useLayoutEffect(() => {
    if (within.current && !message && document.activeElement === document.body) log.current?.focus({ preventScroll: true });
    within.current = frame.current?.contains(document.activeElement) ?? false;
  });
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
