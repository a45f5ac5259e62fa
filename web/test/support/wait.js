import { setTimeout as sleep } from "node:timers/promises";

/** Asks until the answer is true, or fails saying what was waited for and what came last. */
export async function until(what, ask, { within = 15_000, every = 100 } = {}) {
  const end = Date.now() + within;
  let last;
  do {
    last = await ask();
    if (last === true) return;
    await sleep(every);
  } while (Date.now() < end);
  throw new Error(`${what}: not within ${within / 1000} s, at last ${JSON.stringify(last)}`);
}

/** The value below which this part of the values lies. */
export function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}
