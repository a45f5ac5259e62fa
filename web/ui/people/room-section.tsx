// What who keeps order may do with the room as a whole.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ConductMessages } from "../../i18n/index.ts";
import type { Doing } from "./doing.ts";
import { Icon } from "../parts/icons.tsx";
import { Question } from "./question.tsx";
import type { Session } from "../session.ts";

interface RoomProps {
  session: Session;
  words: ConductMessages;
  doing: Doing;
}

export function RoomSection({ session, words, doing }: RoomProps) {
  const { moderation, conduct } = session;
  const { slow } = conduct.standing.value;
  const spans = slow in words.slowSpans ? words.slowSpans : { ...words.slowSpans, [slow]: `${slow}` };
  return (
    <section class="room-section">
      <h3>{words.room}</h3>
      <MuteAll session={session} words={words} doing={doing} />
      <Lock session={session} words={words} doing={doing} />
      <label class="field">
        <span>{words.slow}</span>
        <select class="choice wide" value={slow} onChange={(event) => void doing.run(moderation?.slow(Number(event.currentTarget.value)))}>
          {Object.entries(spans).map(([seconds, said]) => <option key={seconds} value={seconds}>{said}</option>)}
        </select>
      </label>
      <Sure ask={words.clear} question={words.clearSure} yes={words.clearDo} no={words.cancel} act={() => void doing.run(moderation?.clearChat())} />
      {conduct.may("admin") && (
        <Sure ask={words.end} question={words.endSure} yes={words.endDo} no={words.cancel} act={() => void doing.run(moderation?.end())} />
      )}
    </section>
  );
}

/** A switch that stands as one wishes until the room has answered. */
function Lock({ session: { moderation, conduct }, words, doing }: RoomProps) {
  const [wished, wish] = useState<boolean>();
  async function turn(locked: boolean): Promise<void> {
    wish(locked);
    await doing.run(moderation?.lock(locked));
    wish(undefined);
  }
  return (
    <label class="switch">
      <span><Icon name="lock" /><span>{words.lock}<small class="quiet">{words.lockHint}</small></span></span>
      <input
        type="checkbox" role="switch" checked={wished ?? conduct.standing.value.locked}
        onChange={(event) => void turn(event.currentTarget.checked)}
      />
    </label>
  );
}

function MuteAll({ session: { moderation }, words, doing }: RoomProps) {
  const [mayUnmute, setMayUnmute] = useState(true);
  return (
    <div class="mute-all">
      <button type="button" class="button wide" onClick={() => void doing.run(moderation?.mute("mic", { hold: !mayUnmute }))}>
        <Icon name="micOff" />{words.muteAll}
      </button>
      <label class="switch">
        <span>{words.mayUnmute}</span>
        <input type="checkbox" role="switch" checked={mayUnmute} onChange={(event) => setMayUnmute(event.currentTarget.checked)} />
      </label>
    </div>
  );
}

interface SureProps {
  ask: ComponentChildren;
  question: string;
  yes: string;
  no: string;
  act: () => void;
}

/** A button that asks once more before it does what cannot be undone. */
function Sure({ ask, question, yes, no, act }: SureProps) {
  const [asking, setAsking] = useState(false);
  const asked = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (asked.current && !asking) button.current?.focus();
    asked.current = asking;
  }, [asking]);
  if (!asking) return <button ref={button} type="button" class="button wide danger-text" onClick={() => setAsking(true)}>{ask}</button>;
  return (
    <Question question={question}>
      <div class="row">
        <button
          type="button" class="button small danger"
          onClick={() => {
            setAsking(false);
            act();
          }}
        >{yes}</button>
        <button type="button" class="button small" onClick={() => setAsking(false)}>{no}</button>
      </div>
    </Question>
  );
}
