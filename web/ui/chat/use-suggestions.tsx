// The list of what one may go on to write: the focus stays in the box, arrow keys
// choose, Enter or Tab takes, Escape waves it away.

import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { useWords } from "../page.ts";
import type { Draft } from "../session.ts";
import type { Command } from "./commands.ts";
import { type Around, suggest, type Suggestion } from "./suggest.ts";

interface Suggesting {
  readonly list: ComponentChildren;
  /** For the box. */
  readonly aria: { "aria-autocomplete": "list"; "aria-controls"?: string; "aria-activedescendant"?: string };
  /** Takes a key of the box; false if it is none of the list's. */
  press(event: KeyboardEvent): boolean;
}

export function useSuggestions(written: Signal<Draft>, around: Around, take: (text: string) => void): Suggesting {
  const id = useId();
  const chosen = useSignal({ text: "", at: -1 });
  const waved = useSignal<string | undefined>(undefined); // away, at this text
  function now() {
    const { text } = written.value;
    const { all, meant } = waved.value === text ? { all: [], meant: false } : suggest(text, around);
    return { text, all, at: chosen.value.text === text ? chosen.value.at : meant ? 0 : -1 };
  }

  /** Whoever types fast is ahead of what is drawn. */
  function press(event: KeyboardEvent): boolean {
    const { text, all, at } = now();
    if (all.length === 0 || event.shiftKey) return false;
    const picked = all[at];
    const step = (by: number) => (chosen.value = { text, at: (Math.max(at, by > 0 ? -1 : 0) + by + all.length) % all.length });
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Escape") waved.value = text;
    else if (picked && (event.key === "Enter" || event.key === "Tab")) take(picked.text);
    else return false;
    event.preventDefault();
    event.stopPropagation(); // Escape would close the panel
    return true;
  }

  const { all, at } = now();
  return {
    press,
    aria: { "aria-autocomplete": "list", ...(all.length > 0 && { "aria-controls": id }), ...(all[at] && { "aria-activedescendant": `${id}-${at}` }) },
    list: all.length > 0 && <List id={id} all={all} at={at} take={take} />,
  };
}

interface ListProps {
  id: string;
  all: readonly Suggestion[];
  at: number;
  take: (text: string) => void;
}

function List({ id, all, at, take }: ListProps) {
  const words = useWords().writing;
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  return (
    // The focus stays in the box.
    <ul class="suggestions" ref={list} id={id} role="listbox" aria-label={words.suggestions} onPointerDown={(event) => event.preventDefault()}>
      {all.map(({ key, text, command, name }, i) => (
        <li key={key} id={`${id}-${i}`} role="option" aria-selected={i === at} onClick={() => take(text)}>
          {command ? <Help command={command} /> : <bdi>{name}</bdi>}
        </li>
      ))}
    </ul>
  );
}

function Help({ command: { name, takes } }: { command: Command }) {
  const words = useWords().writing;
  const { call, does } = words.command[name];
  return <><b>/{call}</b>{takes && <i> {words.takes[takes]}</i>} <span class="does">{does}</span></>;
}
