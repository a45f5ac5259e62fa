import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Box } from "../stage/pack.ts";

/** How tiles move; tokens.css has the same for all else. */
const move = { duration: 180, easing: "cubic-bezier(0.2, 0, 0, 1)" };

/**
 * Lays an element over a box of the stage. It glides there while its owner is
 * the same, and is there at once for another. What is laid out is there at once
 * in any case: only the compositor moves it, so that no frame costs a layout.
 * Through CSSOM: the page's policy forbids style attributes.
 */
export function useBox<E extends HTMLElement>(box: Box | undefined, owner?: string): RefObject<E | null> {
  const element = useRef<E>(null);
  const last = useRef<{ owner: string | undefined; box: Box } | undefined>(undefined);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target || !box) return;
    const before = last.current;
    last.current = { owner, box };
    for (const side of ["x", "y", "width", "height"] as const) target.style.setProperty(`--${side}`, `${box[side]}px`);
    if (!before || before.owner !== owner || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    target.animate({ transform: [placeOf(before.box, box), placeOf(box, box)] }, move);
  }, [box?.x, box?.y, box?.width, box?.height, owner]);
  return element;
}

/** Where an element of one size must be drawn to lie over a box of another. */
function placeOf(box: Box, size: Box): string {
  return `translate(${box.x}px, ${box.y}px) scale(${box.width / size.width}, ${box.height / size.height})`;
}
