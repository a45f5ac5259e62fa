// The box to write in.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Member } from "../../sdk/index.ts";
import { Icon } from "../parts/icons.tsx";
import { isSend } from "../parts/keys.ts";
import { useWords } from "../page.ts";
import type { Session } from "../session.ts";

const MOST_BYTES = 4096; // of UTF-8, as the protocol has it
const encoder = new TextEncoder();

export function Composer({ session }: { session: Session }) {
  const words = useWords();
  const [text, setText] = useState("");
  const [to, setTo] = useState<Member>();
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  useFittingHeight(box, text);

  const tooLong = encoder.encode(text).length > MOST_BYTES;
  const others = session.members.value.filter((member) => !member.me);
  // A private line must not go to everybody because its receiver has left.
  const receiverLeft = to !== undefined && !others.some((member) => member.id === to.id);
  const blocked = text.trim() === "" || tooLong || receiverLeft;

  function send(event: Event) {
    event.preventDefault();
    if (blocked) return;
    session.chat?.send(text.trim(), { to: to?.id });
    setText("");
    box.current?.focus();
  }

  return (
    <form class="composer" onSubmit={send}>
      {(session.conduct.may("private") && others.length > 1 || to) && <Receiver people={receiverLeft ? [...others, to] : others} to={to} setTo={setTo} />}
      <p id="message-trouble" class="trouble" role="alert">{tooLong ? words.messageTooLong : receiverLeft && words.left(to.name)}</p>
      <div class="composer-row">
        <textarea
          ref={box} rows={1} aria-label={words.message} placeholder={words.message} value={text}
          aria-invalid={tooLong} aria-describedby="message-trouble" enterkeyhint="send"
          onInput={(event) => {
            setText(event.currentTarget.value);
            session.chat?.typing(to?.id);
          }}
          onKeyDown={(event) => {
            if (isSend(event)) send(event);
          }}
        />
        <button type="submit" class="round send" aria-label={words.send} aria-disabled={blocked}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

interface ReceiverProps {
  people: readonly Member[];
  to: Member | undefined;
  setTo: (to: Member | undefined) => void;
}

/** To whom: everyone or one. */
function Receiver({ people, to, setTo }: ReceiverProps) {
  const words = useWords();
  return (
    <label class="to">
      <span>{words.to}</span>
      <select
        class="choice" value={to?.id ?? ""}
        onChange={(event) => setTo(people.find((member) => member.id === event.currentTarget.value))}
      >
        <option value="">{words.everyone}</option>
        {people.map((member) => <option key={member.id} value={member.id}>{member.name}</option>)}
      </select>
    </label>
  );
}

/** Lets the box grow with its text, up to what the style allows. */
function useFittingHeight(box: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const style = box.current?.style;
    if (!box.current || !style) return;
    style.setProperty("height", "auto");
    style.setProperty("height", `${box.current.scrollHeight + 2}px`);
  }, [text]);
}
