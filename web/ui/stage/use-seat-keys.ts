// The stage by keyboard: it is one stop of Tab, arrows go from seat to seat, and
// Enter pins the one that has the focus. What can be pressed at a seat follows it.

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ariaKeys } from "../keyboard/catalogue.ts";
import { useCommand, useKeyboard } from "../keyboard/use-keyboard.ts";
import { useWords } from "../page.ts";
import { neighbour } from "./neighbour.ts";

/** `pinned` is the key of the seat that is. */
export function useSeatKeys(stage: RefObject<HTMLElement | null>, pinned: string | undefined): void {
  useRoving(stage);
  const focused = () => (document.activeElement?.matches(".seat") ? document.activeElement : null);
  useCommand("tiles", ({ key }) => {
    const seats = seatsOf(stage.current!);
    const from = document.activeElement?.closest(".seat");
    const to = from ? neighbour(seats.map((seat) => seat.getBoundingClientRect()), from.getBoundingClientRect(), key) : seats.findIndex(isStop);
    if (to !== undefined) seats[to]?.focus({ preventScroll: true });
  });
  const says = useSayingWhether(pinned !== undefined);
  useCommand("pin", () => {
    const button = focused()?.querySelector<HTMLElement>(`[aria-keyshortcuts="${ariaKeys("pin")}"]`);
    if (!button) return;
    says.current = true;
    button.click();
  });
}

/** Says what came of a pin that a key turned: the focus is not on its button. */
function useSayingWhether(pinned: boolean): RefObject<boolean> {
  const words = useWords();
  const keyboard = useKeyboard();
  const says = useRef(false);
  useEffect(() => {
    if (says.current) keyboard?.say(pinned ? words.pinned : words.unpinned);
    says.current = false;
  }, [pinned]);
  return says;
}

/** Has Tab stop at one seat only, where the focus was last, and at its buttons. */
function useRoving(stage: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const rove = () => {
      const seats = seatsOf(element);
      const stop = document.activeElement?.closest<HTMLElement>(".seat") ?? seats.find(isStop) ?? seats[0];
      for (const seat of seats) {
        for (const each of [seat, ...seat.querySelectorAll("button")]) each.tabIndex = seat === stop ? 0 : -1;
      }
    };
    rove();
    const seen = new MutationObserver(rove); // attributes are not: it writes some itself
    seen.observe(element, { childList: true, subtree: true });
    element.addEventListener("focusin", rove);
    return () => {
      seen.disconnect();
      element.removeEventListener("focusin", rove);
    };
  }, []);
}

function seatsOf(stage: HTMLElement): HTMLElement[] {
  return [...stage.querySelectorAll<HTMLElement>(".seat")];
}

function isStop(seat: HTMLElement): boolean {
  return seat.tabIndex === 0;
}
