// What can be done with one line: a bar that floats beside it. It stands behind the
// log, not in it: whatever comes up in there is read aloud.

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type ChatMessage, isAbove } from "../../sdk/index.ts";
import { usePage } from "../page.ts";
import { Icon, type IconName } from "../parts/icons.tsx";
import type { Draft, Session } from "../session.ts";

interface LineActionsProps {
  session: Session;
  message: ChatMessage;
  log: RefObject<HTMLElement | null>;
  /** Gives the focus back to the line. */
  back: () => void;
  say: (said: string) => void;
}

export function LineActions({ session, message, log, back, say }: LineActionsProps) {
  const { words: { writing, deleteMessage }, copy } = usePage();
  const bar = useBeside(log, message);
  const { id } = message;
  return (
    <div
      class={`line-actions ${message.mine ? "mine" : ""}`} ref={bar} role="toolbar" aria-label={writing.actions}
      onKeyDown={(event) => {
        const buttons = [...event.currentTarget.querySelectorAll("button")];
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step) buttons.at((buttons.indexOf(event.target as HTMLButtonElement) + step) % buttons.length)?.focus();
        if (event.key !== "Escape") return;
        event.stopPropagation(); // which would close the panel
        back();
      }}
    >
      {id !== undefined && mayAnswer(session, message) && (
        <LineAction icon="reply" label={writing.reply} act={() => (session.draft.value = answerTo(session.draft.value, session, message, id))} />
      )}
      <LineAction icon="copy" label={writing.copy} act={async () => say(await copy(message.text) ? writing.copied : "")} />
      {id !== undefined && (message.mine || mayTakeBack(session, message)) && (
        <LineAction icon="bin" label={deleteMessage} act={() => session.chat?.delete(id)} />
      )}
    </div>
  );
}

function LineAction({ icon, label, act }: { icon: IconName; label: string; act: () => void }) {
  return <button type="button" class="round quiet-button" aria-label={label} title={label} onClick={act}><Icon name={icon} /></button>;
}

/** Keeps an element at the height of a line while that moves. */
function useBeside(log: RefObject<HTMLElement | null>, { cid }: ChatMessage): RefObject<HTMLDivElement | null> {
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const within = log.current;
    const line = within?.querySelector<HTMLElement>(`[data-cid="${CSS.escape(cid)}"]`);
    if (!within || !line) return;
    const place = () => {
      const top = line.offsetTop - within.scrollTop;
      bar.current?.style.setProperty("top", `${Math.min(Math.max(top, 0), within.clientHeight - bar.current.offsetHeight)}px`);
    };
    place();
    within.addEventListener("scroll", place, { passive: true });
    const observer = new ResizeObserver(place);
    for (const element of [within, line]) observer.observe(element);
    return () => {
      within.removeEventListener("scroll", place);
      observer.disconnect();
    };
  }, [cid]);
  return bar;
}

function mayAnswer({ conduct }: Session, { to }: ChatMessage): boolean {
  return conduct.may(to ? "private" : "chat");
}

/** A private line is answered to its other end only. */
function answerTo({ text, to }: Draft, { members }: Session, message: ChatMessage, reply: string): Draft {
  if (!message.to) return { text, to, reply };
  const id = message.mine ? message.to : message.from;
  return { text, reply, to: members.peek().find((member) => member.id === id) ?? { id, name: message.mine ? "…" : message.name } };
}

/** May we take back a line of somebody else: of a lower role, or gone. */
function mayTakeBack({ conduct, members }: Session, { from }: ChatMessage): boolean {
  const author = members.value.find(({ id }) => id === from);
  return conduct.may("moderate") && (!author || isAbove(conduct.standing.value.role, author.role));
}
