// The people: who is here, who waits, who may come, and how the room is run. Its
// code is loaded when it is first opened.

import { useMemo, useState } from "preact/hooks";
import type { ConductMessages } from "../../i18n/index.ts";
import { type Doing, useDoing } from "./doing.ts";
import { useFocusKept } from "../parts/hooks.ts";
import { Icon } from "../parts/icons.tsx";
import { InviteSection } from "./invite-section.tsx";
import { usePage, useWords } from "../page.ts";
import { PanelFrame } from "../room/panel.tsx";
import { inOrder, isFound } from "./people.ts";
import { PersonRow } from "./person-row.tsx";
import { RoomSection } from "./room-section.tsx";
import type { Session } from "../session.ts";

/** So many people are found by looking. */
const FEW = 8;

export function PeoplePanel({ session }: { session: Session }) {
  const common = useWords();
  const words = common.conduct;
  const doing = useDoing(words);
  const moderates = session.conduct.may("moderate");
  const members = session.members.value;
  const body = useFocusKept<HTMLDivElement>();
  return (
    <PanelFrame session={session} title={common.people(members.length)}>
      <div class="panel-body people" ref={body} tabIndex={-1}>
        {moderates && <Waiters session={session} words={words} doing={doing} />}
        <InviteSection session={session} words={words} />
        <List session={session} words={words} doing={doing} />
        {moderates && <RoomSection session={session} words={words} doing={doing} />}
      </div>
      <p class="done quiet" role="status">{doing.said}</p>
    </PanelFrame>
  );
}

interface PartProps {
  session: Session;
  words: ConductMessages;
  doing: Doing;
}

/** Those at the door. */
function Waiters({ session: { conduct, moderation }, words, doing }: PartProps) {
  const { waiting } = conduct.standing.value;
  if (waiting.length === 0) return null;
  return (
    <section class="waiters">
      <div class="waiters-top">
        <h3>{words.waiting(waiting.length)}</h3>
        {waiting.length > 1 && (
          <button type="button" class="button small primary" onClick={() => void doing.run(moderation?.admit())}>{words.letAllIn}</button>
        )}
      </div>
      <ul>
        {waiting.map(({ member, name }) => (
          <li key={member} class="waiter">
            <span class="person-name"><bdi>{name}</bdi></span>
            <button type="button" class="round quiet-button" aria-label={words.denyOne(name)} onClick={() => void doing.run(moderation?.deny(member))}><Icon name="close" /></button>
            <button type="button" class="button small primary" aria-label={words.admitOne(name)} onClick={() => void doing.run(moderation?.admit(member))}>{words.letIn}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function List({ session, words, doing }: PartProps) {
  const { language } = usePage();
  const [looked, setLooked] = useState("");
  const members = session.members.value;
  const ordered = useMemo(() => inOrder(members, language), [members, language]);
  const found = ordered.filter(({ name }) => isFound(name, looked));
  return (
    <section>
      {members.length > FEW && (
        <label class="field search">
          <span class="heard-only">{words.search}</span>
          <input type="search" placeholder={words.search} value={looked} maxLength={64} onInput={(event) => setLooked(event.currentTarget.value)} />
        </label>
      )}
      <ul class="person-list">
        {found.map((member) => <PersonRow key={member.id} session={session} member={member} words={words} doing={doing} />)}
      </ul>
      {found.length === 0 && <p class="quiet">{words.nobodyFound}</p>}
    </section>
  );
}
