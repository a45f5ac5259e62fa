import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { swipeOf } from "./pages.ts";

/** Calls `turn` with 1 or -1 when a finger sweeps over the element to the left or to the right. */
export function useSwipe(element: RefObject<HTMLElement | null>, turn: (by: number) => void): void {
  useEffect(() => {
    const target = element.current!;
    let from: PointerEvent | undefined;
    const down = (event: PointerEvent) => (from = event.isPrimary && event.pointerType === "touch" ? event : undefined);
    const up = (event: PointerEvent) => {
      if (from && event.pointerId === from.pointerId) turn(swipeOf(event.clientX - from.clientX, event.clientY - from.clientY));
      from = undefined;
    };
    target.addEventListener("pointerdown", down);
    target.addEventListener("pointerup", up);
    return () => {
      target.removeEventListener("pointerdown", down);
      target.removeEventListener("pointerup", up);
    };
  }, []);
}
