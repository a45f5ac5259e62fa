// The box to write in.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../page.ts";
import { useModule } from "../parts/hooks.ts";
import { Icon } from "../parts/icons.tsx";
import { isComposing, isSend } from "../parts/keys.ts";
import type { Doing } from "../people/doing.ts";
import type { Draft, Session } from "../session.ts";
import { tabStorage } from "../storage.ts";
import { Addressee, hasLeft, leaveStep } from "./addressee.tsx";
import { read, subjects } from "./commands.ts";
import { keepDraft, keptDraft } from "./draft.ts";
import { EmojiButton } from "./emoji-button.tsx";
import type { Outcome, Question } from "./obey.ts";
import type { SureProps } from "./sure.tsx";
import { useSuggestions } from "./use-suggestions.tsx";

const MOST_BYTES = 4096; // of UTF-8, as the protocol has it
const encoder = new TextEncoder();

export function Composer({ session, doing }: { session: Session; doing: Doing }) {
  const { words } = usePage();
  const [question, ask] = useState<Question>();
  const box = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(session);
  const { text, to } = draft;
  const { tooLong, receiverLeft, blocked } = stateOf(session, draft);
  const write = (change: Partial<Draft>) => (session.draft.value = { ...session.draft.value, ...change });
  const suggestions = useSuggestions(session.draft, {
    words: words.writing, may: (what) => session.conduct.may(what), names: subjects(session).map(({ name }) => name),
  }, (text) => write({ text }));
  useEffect(() => {
    if (!question) box.current?.focus({ preventScroll: true });
  }, [to?.id, draft.reply, question]);
  useFittingHeight(box, text);

  function send(line: string) {
    const { to, reply } = session.draft.peek();
    session.chat?.send(line, { to: to?.id, reply });
    write({ text: "", reply: undefined });
  }

  function carryOut(outcome: Outcome) {
    if ("said" in outcome) return doing.say(outcome.said);
    if ("line" in outcome) return send(outcome.line);
    write({ text: "text" in outcome ? outcome.text : "" });
    if ("question" in outcome) ask(outcome);
    if ("doing" in outcome) void doing.run(outcome.doing);
  }

  function submit(event: Event) {
    event.preventDefault();
    const draft = session.draft.peek(); // which may be ahead of what is drawn
    if (stateOf(session, draft).blocked) return;
    const written = read(draft.text.trim(), words.writing);
    if (written.kind === "line") send(written.text);
    else if (written.kind === "unknown") doing.say(words.writing.noCommand(written.call));
    else import("./obey.ts").then(({ obey }) => {
      if (session.draft.peek() === draft) carryOut(obey(session, words, written)); // else Enter was pressed twice
    }, () => doing.say(words.conduct.failed));
    box.current?.focus();
  }

  function press(event: KeyboardEvent) {
    if (isComposing(event) || suggestions.press(event)) return;
    if (isSend(event)) return submit(event);
    const step = event.key === "Escape" && leaveStep(session.draft.peek());
    if (!step) return;
    event.stopPropagation(); // which would close the panel
    write(step);
    doing.say("to" in step ? words.writing.nowToAll : "");
  }

  return (
    <form class="composer" onSubmit={submit}>
      {question && <Asked question={question} doing={doing} done={() => ask(undefined)} />}
      <Addressee session={session} draft={draft} write={write} />
      <p id="message-trouble" class="trouble" role="alert">{tooLong ? words.messageTooLong : receiverLeft && to && words.left(to.name)}</p>
      <div class={`composer-row ${to ? "private" : ""}`}>
        {suggestions.list}
        <textarea
          ref={box} rows={1} aria-label={words.message} placeholder={to ? words.privateTo(to.name) : words.message} value={text}
          aria-invalid={tooLong} aria-describedby="message-trouble" enterkeyhint="send" {...suggestions.aria}
          onInput={(event) => {
            const text = event.currentTarget.value;
            write({ text });
            doing.say("");
            if (!text.startsWith("/")) session.chat?.typing(to?.id);
          }}
          onKeyDown={press}
        />
        <EmojiButton box={box} write={(text) => write({ text })} />
        <button type="submit" class="round send" aria-label={words.send} aria-disabled={blocked}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

/** The question, whose code comes with the first one. */
function Asked(props: SureProps) {
  const module = useModule(() => import("./sure.tsx"), props.done);
  return module ? <module.Sure {...props} /> : null;
}

/** Can it be sent; a private line must not go to everybody because its receiver has left. */
function stateOf(session: Session, { text, to }: Draft) {
  const tooLong = encoder.encode(text).length > MOST_BYTES;
  const receiverLeft = hasLeft(session, to);
  return { tooLong, receiverLeft, blocked: text.trim() === "" || tooLong || receiverLeft };
}

/** What is being written; the tab keeps it for when the page comes again. */
function useDraft(session: Session): Draft {
  const draft = session.draft.value;
  const [storage] = useState(tabStorage);
  useLayoutEffect(() => {
    const kept = keptDraft(storage, session.roomName, session.me);
    const { text, to } = session.draft.peek();
    if (kept && !text && !to) session.draft.value = kept;
  }, []);
  useEffect(() => keepDraft(storage, session.roomName, session.me, draft), [draft]);
  return draft;
}

/** Lets the box grow with its text, up to what the style allows. */
function useFittingHeight(box: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const style = box.current?.style;
    if (!box.current || !style) return;
    style.setProperty("height", "auto");
    style.setProperty("height", `${box.current.scrollHeight}px`);
  }, [text]);
}
