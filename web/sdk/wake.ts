// Noticing that the world went on without the page.

import type { Off } from "./emitter.ts";

/** How often the clock is looked at, in milliseconds. */
const look = 2000;
/** A page whose clock stood still for so long has slept. */
const nap = 8000;

/** NetworkInformation, which TypeScript's DOM types do not know; only some browsers tell the type. */
type Network = EventTarget & { type?: string };

/**
 * Tells when the page may have missed something: `true` if its network may be
 * another one (it says so, or the page slept), `false` if somebody only looks at
 * it again. The returned function ends it.
 */
export function watchWaking(woke: (elsewhere: boolean) => void): Off {
  const network = (navigator as { connection?: Network }).connection;
  let { type } = network ?? {};
  let last = Date.now();
  const slept = () => {
    const before = last;
    last = Date.now();
    return last - before > nap;
  };
  const tick = () => {
    // Browsers look after hidden pages once a minute.
    if (!document.hidden && slept()) woke(true);
  };
  const seen = () => {
    if (!document.hidden) woke(slept());
  };
  const online = () => woke(true);
  const moved = () => {
    // The event also tells of each new estimate of the speed.
    if (network!.type === type) return;
    ({ type } = network!);
    woke(true);
  };
  const timer = setInterval(tick, look);
  document.addEventListener("visibilitychange", seen);
  document.addEventListener("resume", seen);
  addEventListener("online", online);
  network?.addEventListener("change", moved);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", seen);
    document.removeEventListener("resume", seen);
    removeEventListener("online", online);
    network?.removeEventListener("change", moved);
  };
}
