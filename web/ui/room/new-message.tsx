// A line of chat that came while the chat is closed.

import { useState } from "preact/hooks";
import { useWords } from "../page.ts";
import type { Session } from "../session.ts";
import { Passing } from "./passing.tsx";

/** What is longer is read in the chat. */
const MOST = 120;

export function NewMessage({ session }: { session: Session }) {
  const words = useWords();
  const [seen, see] = useState<string>();
  const newest = session.unread.value > 0 ? session.messages.value.findLast(({ mine }) => !mine) : undefined;
  if (!newest || newest.cid === seen) return null;
  const text = newest.text.length > MOST ? `${newest.text.slice(0, MOST)}…` : newest.text;
  return (
    <Passing key={newest.cid} close={() => see(newest.cid)}>
      <b><bdi>{newest.name}</bdi></b> {newest.to && <small>({words.privateFrom}) </small>}<span class="new-message">{text}</span>
      <button type="button" class="text-button" onClick={() => (session.panel.value = "chat")}>{words.showChat}</button>
    </Passing>
  );
}
