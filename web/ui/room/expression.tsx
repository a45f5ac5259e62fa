// A raised hand, and emoji that are shown for a moment.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Member, MemberId } from "../../sdk/index.ts";
import { BarButton } from "../parts/bar-button.tsx";
import { Icon } from "../parts/icons.tsx";
import { useWords } from "../page.ts";
import type { Session } from "../session.ts";

/** Raises one's hand, and takes it down. */
export function HandButton({ session }: { session: Session }) {
  const words = useWords();
  const me = session.self.value;
  const place = session.places.value.get(me?.id ?? "");
  if (!session.conduct.may("hand")) return null;
  return (
    <BarButton
      command="hand" icon="hand" label={words.raiseHand} hint={place ? words.handUp(place) : words.handDown} pressed={place !== undefined}
      {...(place ? { tone: "on" as const } : {})} onClick={() => void session.turnHand()}
    />
  );
}

/** Opens the few emoji that one may show. */
export function ReactionsButton({ session }: { session: Session }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const all = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    all.current?.querySelector<HTMLElement>(".picker button")?.focus();
    const elsewhere = (event: Event) => all.current?.contains(event.target as Node) || setOpen(false);
    addEventListener("pointerdown", elsewhere);
    return () => removeEventListener("pointerdown", elsewhere);
  }, [open]);
  if (!session.conduct.may("react")) return null;
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <span
      class="reactions" ref={all} onKeyDown={(event) => event.key === "Escape" && close()}
      onFocusOut={(event) => event.relatedTarget && !all.current?.contains(event.relatedTarget as Node) && setOpen(false)}
    >
      <BarButton command="reactions" button={button} icon="smile" label={words.reactions} hint={words.reactionsHint} expanded={open} onClick={() => setOpen(!open)} />
      {open && (
        <span class="picker" role="group" aria-label={words.reactions}>
          {Object.entries(words.emoji).map(([emoji, said]) => (
            <button
              key={emoji} type="button" class="round" aria-label={said}
              onClick={() => {
                void session.react(emoji);
                close();
              }}
            >{emoji}</button>
          ))}
        </span>
      )}
    </span>
  );
}

/** Says at a seat that a hand is up, and whose turn that makes it. */
export function HandMark({ session, member }: { session: Session; member: Member }) {
  const words = useWords();
  const place = session.places.value.get(member.id);
  if (place === undefined) return null;
  return (
    <p class="hand-mark" role="img" aria-label={words.handOf(member.me ? undefined : member.name, place)}>
      <Icon name="hand" /><span>{place}</span>
    </p>
  );
}

/** The emoji that somebody shows now, floating up from the seat. */
export function Floats({ session, id, name }: { session: Session; id: MemberId; name: string }) {
  const words = useWords();
  return (
    <>
      {session.conduct.reactions.value.filter(({ member }) => member === id).map(({ key, emoji }) => (
        <span key={key} class={`float drift-${key % 3}`} role="img" aria-label={words.reacted(name, emoji)}>{emoji}</span>
      ))}
    </>
  );
}
