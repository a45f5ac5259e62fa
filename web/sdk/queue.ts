import { ConnectionError, ServerError } from "./errors.ts";

/**
 * Asks, and asks again as often as a server that is busy says to. `waits` hears
 * until when we wait (milliseconds since 1970), and undefined when we ask again.
 * Rejects with what `ask` rejects with, or as closed when the signal ends the wait.
 */
export async function whileBusy<T>(ask: () => Promise<T>, signal: AbortSignal, waits: (until: number | undefined) => void = () => undefined): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ServerError) || error.code !== "unavailable" || error.retryMs === undefined) throw error;
      waits(Date.now() + error.retryMs);
      await pause(error.retryMs, signal).finally(() => waits(undefined));
    }
  }
}

/** Waits; rejects as closed when the signal ends the wait. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(new ConnectionError("closed", "we left"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    }, ms);
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
}
