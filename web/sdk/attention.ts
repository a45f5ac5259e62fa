import type { Off } from "./emitter.ts";
import { isAboveOthers } from "./pip.ts";

/** A page that was hidden for so long, in milliseconds, is not looked at: a glance elsewhere costs nothing. */
const patience = 5000;

/**
 * Tells whether anybody can look at the page: `false` after it was hidden for a
 * while, `true` at once when it is back. What floats over other windows
 * is looked at. The returned function ends it.
 */
export function watchAttention(changed: (seen: boolean) => void): Off {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let seen = true;
  const turn = (now: boolean) => {
    if (now === seen) return;
    seen = now;
    changed(now);
  };
  const doubt = () => {
    if (isAboveOthers()) timer = setTimeout(doubt, patience);
    else turn(false);
  };
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(doubt, patience);
    else turn(true);
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
