// Finding back into the room by ourselves.
//
// | state | the WebSocket is lost | an attempt worked | it failed, a later one may work | refused for good | the network is back |
// |-------|-----------------------|-------------------|---------------------------------|------------------|---------------------|
// | in    | → away, attempt       | ·                 | ·                               | ·                | ·                   |
// | away  | ·                     | → in              | wait (backoff.ts), attempt      | → over           | attempt             |
// | over  | ·                     | ·                 | ·                               | ·                | ·                   |
//
// `stop` leads to over from everywhere. Each attempt goes on with the session if
// the server still knows it, and begins a new one otherwise (Room). How the media
// find their way is not decided here (path.ts): they may run while we are away.

import { Backoff } from "./backoff.ts";
import { ConnectionError, MadangError, ServerError } from "./errors.ts";

/** After so long in the room, in milliseconds, another loss has nothing to do with the last. */
const settled = 5000;

/** What is refused with these is refused for good; all else may work later. */
const finals: ReadonlySet<string> = new Set([
  "unauthorized", "forbidden", "kicked", "room_gone", "expired", "room_locked", "replaced", "not_found", "bad_message", "bad_sdp", "too_big", "unsupported",
]);

/** Is trying again pointless after this error. */
export function isFinal(error: unknown): error is MadangError {
  return error instanceof MadangError && finals.has(error.code);
}

export interface RecoveryActs {
  /** One attempt to be in the room again. */
  attempt(): Promise<void>;
  /** We are away, or in again. */
  changed(): void;
  /** Refused for good. */
  over(error: MadangError): void;
}

export class Recovery {
  #state: "in" | "away" | "over" = "in";
  #acts: RecoveryActs;
  #backoff: Backoff;
  #inSince = Date.now();
  /** Ends the wait before the next attempt. */
  #go: (() => void) | undefined;

  constructor(acts: RecoveryActs, backoff = new Backoff()) {
    this.#acts = acts;
    this.#backoff = backoff;
  }

  get away(): boolean {
    return this.#state === "away";
  }

  /** The WebSocket is lost. */
  lost(): void {
    if (this.#state !== "in") return;
    this.#state = "away";
    if (Date.now() - this.#inSince > settled) this.#backoff.forget();
    this.#acts.changed();
    void this.#run();
  }

  /** The network may be back: tries at once, if it was about to wait. */
  hurry(): void {
    this.#backoff.forget();
    this.#go?.();
  }

  stop(): void {
    this.#state = "over";
    this.#go?.();
  }

  async #run(): Promise<void> {
    while (this.away) {
      await this.#pause();
      if (!this.away) return;
      this.#backoff.began(Date.now());
      try {
        await this.#acts.attempt();
        if (this.away) this.#arrived();
      } catch (error) {
        if (this.away) this.#failed(error);
      }
    }
  }

  #arrived(): void {
    this.#state = "in";
    this.#inSince = Date.now();
    this.#acts.changed();
  }

  #failed(error: unknown): void {
    if (isFinal(error)) {
      this.#state = "over";
      return this.#acts.over(error);
    }
    const answered = !(error instanceof ConnectionError && error.code === "timeout");
    this.#backoff.failed(Date.now(), answered, error instanceof ServerError ? error.retryMs : undefined);
  }

  /** Waits for the next attempt's time, which comes nearer when somebody hurries. */
  async #pause(): Promise<void> {
    for (let left = this.#backoff.wait(Date.now()), hurried = true; hurried && left > 0 && this.away; left = this.#backoff.wait(Date.now())) {
      hurried = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(resolve, left, false);
        this.#go = () => {
          clearTimeout(timer);
          resolve(true);
        };
      });
      this.#go = undefined;
    }
  }
}
