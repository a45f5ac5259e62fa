// A few emoji to choose from. Screen readers know what each is called.

import { useEffect, useRef } from "preact/hooks";

const EMOJI = Array.from(new Intl.Segmenter().segment(
  "😀😄😂🤣😊🙂😉😍🥰😘😎🤗🤔😮😅😬😴😢😭😡🙏👍👎👏🙌👋💪🤝✌️👌🔥✨🎉🎂💯❤️💔💡✅❌❓⏰☕🍚🍻🌸☀️🌙🐱",
), ({ segment }) => segment);
const COLUMNS = 7;

export function EmojiGrid({ label, put }: { label: string; put: (emoji: string) => void }) {
  const grid = useRef<HTMLSpanElement>(null);
  useEffect(() => grid.current?.querySelector("button")?.focus(), []);
  return (
    <span class="emoji" ref={grid} role="group" aria-label={label} onKeyDown={walk}>
      {EMOJI.map((emoji, i) => <button key={emoji} type="button" class="round" tabIndex={i === 0 ? 0 : -1} onClick={() => put(emoji)}>{emoji}</button>)}
    </span>
  );
}

/** By arrow keys from emoji to emoji, as they stand. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[event.key];
  if (!step) return;
  const buttons = [...(event.currentTarget as Element).children] as HTMLElement[];
  event.preventDefault();
  buttons[buttons.indexOf(event.target as HTMLElement) + step]?.focus();
}
