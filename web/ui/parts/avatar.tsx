import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { hueOf, initialsOf } from "../people/person.ts";

/** Gives an element the hue of a name, for the colours of tokens.css. */
export function useHue(element: RefObject<HTMLElement | null>, name: string): void {
  useLayoutEffect(() => element.current?.style.setProperty("--hue", String(hueOf(name))), [name]);
}

/** Stands for somebody without a picture. */
export function Avatar({ name }: { name: string }) {
  const element = useRef<HTMLSpanElement>(null);
  useHue(element, name);
  return <span class="avatar hued" ref={element} aria-hidden="true">{initialsOf(name)}</span>;
}
