import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Box } from "../stage/pack.ts";

/**
 * Lays an element over a box of the stage. It glides there while its owner is
 * the same, and is there at once for another. Through CSSOM: the page's policy
 * forbids style attributes.
 */
export function useBox<E extends HTMLElement>(box: Box | undefined, owner?: string): RefObject<E | null> {
  const element = useRef<E>(null);
  const lastOwner = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target || !box) return;
    const jumps = lastOwner.current !== owner;
    lastOwner.current = owner;
    if (jumps) target.style.setProperty("transition", "none");
    target.style.setProperty("--x", `${box.x}px`);
    target.style.setProperty("--y", `${box.y}px`);
    target.style.setProperty("--width", `${box.width}px`);
    target.style.setProperty("--height", `${box.height}px`);
    if (!jumps) return;
    void target.offsetWidth; // takes the new place before gliding is allowed again
    target.style.removeProperty("transition");
  }, [box?.x, box?.y, box?.width, box?.height, owner]);
  return element;
}
