// The chat: what was said, and the box to say something.

import { useRef } from "preact/hooks";
import { useWords } from "../page.ts";
import { useDoing } from "../people/doing.ts";
import { PanelFrame } from "../room/panel.tsx";
import type { Session } from "../session.ts";
import { Composer } from "./composer.tsx";
import { Log } from "./log.tsx";

export function ChatPanel({ session }: { session: Session }) {
  const words = useWords();
  const doing = useDoing(words.conduct);
  return (
    <PanelFrame session={session} title={words.chat}>
      <Log session={session} say={doing.say} />
      <Typing session={session} />
      <Slow session={session} />
      <p class="chat-said quiet" role="status">{doing.said}</p>
      {session.conduct.may("chat") ? <Composer session={session} doing={doing} /> : <p class="no-chat quiet">{words.mayNotChat}</p>}
    </PanelFrame>
  );
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
