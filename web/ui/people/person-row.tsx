// One person in the list, and what may be done with them.

import { useId, useRef, useState } from "preact/hooks";
import type { ConductMessages } from "../../i18n/index.ts";
import type { Member } from "../../sdk/index.ts";
import { Avatar } from "../parts/avatar.tsx";
import type { Doing } from "./doing.ts";
import { Icon } from "../parts/icons.tsx";
import { useWords } from "../page.ts";
import { type Act, actsOn } from "./people.ts";
import { Question } from "./question.tsx";
import type { Session } from "../session.ts";

interface PersonProps {
  session: Session;
  member: Member;
  words: ConductMessages;
  doing: Doing;
}

export function PersonRow({ session, member, words, doing }: PersonProps) {
  const common = useWords();
  const [open, setOpen] = useState(false);
  const menu = useId();
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const acts = actsOn(session.conduct.standing.value, member);
  const shown = open && acts.length > 0;
  return (
    <li
      class={`person ${shown ? "open" : ""} ${member.state}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !shown) return;
        event.stopPropagation(); // the panel stays
        close();
      }}
    >
      <div class="person-row">
        <Avatar name={member.name} />
        <span class="person-name">
          <bdi>{member.name}</bdi>
          {member.me && <span class="quiet"> {common.you}</span>}
          {member.role !== "member" && <span class="role">{words.role[member.role]}</span>}
        </span>
        <Marks session={session} member={member} words={words} doing={doing} mayMute={acts.includes("mute")} />
        {acts.length > 0 && (
          <button
            ref={button} type="button" class="round quiet-button" aria-label={words.menuOf(member.name)} aria-expanded={shown} aria-controls={menu}
            onClick={() => setOpen(!open)}
          ><Icon name="dots" /></button>
        )}
      </div>
      <div id={menu}>
        {shown && <Acts session={session} member={member} words={words} doing={doing} acts={acts} close={close} />}
      </div>
    </li>
  );
}

/** How somebody is heard and seen, and that a hand is up. */
function Marks({ session, member, words, doing, mayMute }: PersonProps & { mayMute: boolean }) {
  const { id, name, sources } = member;
  const place = session.places.value.get(id);
  const speaks = sources.mic === "live";
  return (
    <span class="marks">
      {place !== undefined && <span class="hand-place" role="img" aria-label={words.hand(place)}><Icon name="hand" />{place}</span>}
      {sources.screen === "live" && <span role="img" aria-label={words.sharing}><Icon name="screen" /></span>}
      {sources.camera === "live" && <span role="img" aria-label={words.cameraOn}><Icon name="camera" /></span>}
      {speaks && mayMute ? (
        <button type="button" class="round quiet-button" aria-label={words.muteOne(name)} onClick={() => void doing.run(perform(session, "mute", member), words.isMuted(name))}><Icon name="mic" /></button>
      ) : <span role="img" class={speaks ? "" : "off"} aria-label={speaks ? words.micOn : words.micOff}><Icon name={speaks ? "mic" : "micOff"} /></span>}
    </span>
  );
}

interface ActsProps extends PersonProps {
  acts: readonly Act[];
  close: () => void;
}

function Acts({ session, member, words, doing, acts, close }: ActsProps) {
  const [asking, ask] = useState<"remove" | "owner">();
  const props = { session, member, words, doing, close };
  if (asking === "remove") return <Removal {...props} />;
  if (asking === "owner") return <Ownership {...props} />;
  const begin = (act: Act) => {
    if (act === "remove" || act === "owner") return ask(act);
    if (act === "writeTo") return session.writeTo(member);
    void doing.run(perform(session, act, member), act === "mute" || act === "muteAndHold" ? words.isMuted(member.name) : undefined);
    close();
  };
  return (
    <div class="acts">
      {acts.map((act) => (
        <button key={act} type="button" class={`act ${act === "remove" ? "danger-text" : ""}`} onClick={() => begin(act)}>{sayAct(words, act)}</button>
      ))}
    </div>
  );
}

function sayAct(words: ConductMessages, act: Act): string {
  return act in words.make ? words.make[act as keyof typeof words.make] : words[act as Exclude<Act, Member["role"]>];
}

function perform({ moderation }: Session, act: Exclude<Act, "remove" | "writeTo">, { id }: Member): Promise<void> | undefined {
  switch (act) {
    case "mute":
      return moderation?.mute("mic", { member: id });
    case "muteAndHold":
      return moderation?.mute("mic", { member: id, hold: true });
    case "askToUnmute":
      return moderation?.unmute("mic", id);
    case "stopCamera":
      return moderation?.mute("camera", { member: id });
    case "stopScreen":
      return moderation?.mute("screen", { member: id });
    case "lowerHand":
      return moderation?.lowerHand(id);
    default:
      return moderation?.setRole(id, act);
  }
}

/** Whoever removes somebody says for how long. */
function Removal({ session, member, words, doing, close }: Omit<ActsProps, "acts">) {
  const [back, setBack] = useState(0);
  return (
    <Question question={words.removeOne(member.name)}>
      <label class="field">
        <span>{words.back}</span>
        <select class="choice wide" value={back} onChange={(event) => setBack(Number(event.currentTarget.value))}>
          {Object.entries(words.backAfter).map(([seconds, said]) => <option key={seconds} value={seconds}>{said}</option>)}
        </select>
      </label>
      <div class="row">
        <button type="button" class="button small danger" onClick={() => void doing.run(session.moderation?.kick(member.id, back))}>{words.remove}</button>
        <button type="button" class="button small" onClick={close}>{words.cancel}</button>
      </div>
    </Question>
  );
}

/** Nobody takes it back from an owner. */
function Ownership({ session, member, words, doing, close }: Omit<ActsProps, "acts">) {
  return (
    <Question question={words.makeOwnerOf(member.name)} more={words.ownerHint}>
      <div class="row">
        <button
          type="button" class="button small danger"
          onClick={() => {
            void doing.run(perform(session, "owner", member));
            close();
          }}
        >{words.make.owner}</button>
        <button type="button" class="button small" onClick={close}>{words.cancel}</button>
      </div>
    </Question>
  );
}
