// To whom one writes, and what one answers: it stands above the box in words.

import type { ChatMessage, Member } from "../../sdk/index.ts";
import { useWords } from "../page.ts";
import { Icon } from "../parts/icons.tsx";
import type { Draft, Session } from "../session.ts";
import { inShort } from "./quote.tsx";

interface AddresseeProps {
  session: Session;
  draft: Draft;
  write: (change: Partial<Draft>) => void;
}

export function Addressee({ session, draft: { to, reply }, write }: AddresseeProps) {
  const words = useWords();
  const others = session.members.value.filter((member) => !member.me);
  const answered = session.messages.value.find(({ id }) => id !== undefined && id === reply);
  const writeTo = (to: Draft["to"]) => write({ to, ...(answered && !fits(answered, to) && { reply: undefined }) });
  return (
    <>
      {to
        ? <Banner icon="lock" said={words.privateTo(to.name)} stop={words.writing.stopPrivate} onStop={() => writeTo(undefined)} />
        : session.conduct.may("private") && others.length > 1 && <Receiver people={others} writeTo={writeTo} />}
      {answered && (
        <Banner
          icon="reply" said={answered.mine ? words.writing.answersYou : words.writing.answers(answered.name)} more={inShort(answered.text)}
          stop={words.writing.stopAnswering} onStop={() => write({ reply: undefined })}
        />
      )}
    </>
  );
}

/** Has the one left to whom only one writes; while one comes back into the room nobody can know. */
export function hasLeft({ members }: Session, to: Draft["to"]): boolean {
  return to !== undefined && members.value.length > 0 && !members.value.some(({ id }) => id === to.id);
}

/** What Escape takes back first. */
export function leaveStep({ to, reply }: Draft): Partial<Draft> | undefined {
  if (reply !== undefined) return { reply: undefined };
  return to && { to: undefined };
}

/** May all who get the answer read the line: a private one stays between its ends. */
function fits(answered: ChatMessage, to: Draft["to"]): boolean {
  return !answered.to || to !== undefined && [answered.from, answered.to].includes(to.id);
}

/** To whom: everyone or one. */
function Receiver({ people, writeTo }: { people: readonly Member[]; writeTo: (to: Draft["to"]) => void }) {
  const words = useWords();
  return (
    <label class="to">
      <span>{words.to}</span>
      <select class="choice" value="" onChange={(event) => writeTo(people.find(({ id }) => id === event.currentTarget.value))}>
        <option value="">{words.everyone}</option>
        {people.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  );
}

interface BannerProps {
  icon: "lock" | "reply";
  said: string;
  more?: string;
  stop: string;
  onStop: () => void;
}

function Banner({ icon, said, more, stop, onStop }: BannerProps) {
  return (
    <div class={`banner ${icon}`}>
      <Icon name={icon} />
      <p><b><bdi>{said}</bdi></b>{more && <> <bdi class="quiet">{more}</bdi></>}</p>
      <button type="button" class="round quiet-button" aria-label={stop} title={stop} onClick={onStop}><Icon name="close" /></button>
    </div>
  );
}
