// Keeps the screen of a phone lit.

import type { Off } from "../../sdk/index.ts";

/**
 * Keeps the screen lit until the returned function is called. Browsers let the lock
 * go while the page is hidden, so it is taken again when the page is back. Where there
 * is none, or the battery is low, the screen goes dark as it always did.
 */
export function keepAwake(page: Document = document, wakeLock: WakeLock | null = navigator.wakeLock): Off {
  if (!wakeLock) return () => {};
  let wanted = true;
  let lock = Promise.resolve<WakeLockSentinel | undefined>(undefined);
  const take = () => {
    lock = lock.then((held) => {
      if (!wanted || page.hidden || held?.released === false) return held;
      return wakeLock.request("screen").catch(() => undefined);
    });
  };
  page.addEventListener("visibilitychange", take);
  take();
  return () => {
    wanted = false;
    page.removeEventListener("visibilitychange", take);
    void lock.then((held) => held?.release());
  };
}
