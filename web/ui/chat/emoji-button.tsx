// Puts an emoji into the box.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../page.ts";
import { useModule } from "../parts/hooks.ts";
import { Icon } from "../parts/icons.tsx";

export function EmojiButton({ box, write }: { box: RefObject<HTMLTextAreaElement | null>; write: (text: string) => void }) {
  const words = useWords().writing;
  const [open, setOpen] = useState(false);
  const all = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => all.current?.contains(event.target as Node) || setOpen(false);
    addEventListener("pointerdown", elsewhere);
    return () => removeEventListener("pointerdown", elsewhere);
  }, [open]);
  const close = () => {
    setOpen(false);
    box.current?.focus();
  };
  const put = (emoji: string) => {
    const area = box.current;
    area?.setRangeText(emoji, area.selectionStart, area.selectionEnd, "end");
    if (area) write(area.value);
    close();
  };
  return (
    <span
      class="emoji-choice" ref={all}
      onKeyDown={(event) => {
        if (!open || event.key !== "Escape") return;
        event.stopPropagation(); // which would close the panel
        close();
      }}
    >
      <button type="button" class="round quiet-button" aria-label={words.emoji} aria-expanded={open} onClick={() => setOpen(!open)}><Icon name="smile" /></button>
      {open && <Grid put={put} lost={close} />}
    </span>
  );
}

/** The grid, whose code comes when it is first asked for. */
function Grid({ put, lost }: { put: (emoji: string) => void; lost: () => void }) {
  const words = useWords().writing;
  const module = useModule(() => import("./emoji-grid.tsx"), lost);
  return module ? <module.EmojiGrid label={words.emoji} put={put} /> : null;
}
