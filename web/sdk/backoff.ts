/** The first wait after an attempt that failed is up to so long, in milliseconds; each further one up to twice as long. */
const firstWindow = 250;
const longestWindow = 5000;
/** Two attempts never start sooner after each other: at most two a second. */
const leastGap = 500;

/** When to try again, so that all who lost one server do not come back at the same moment. Times are milliseconds of one clock. */
export class Backoff {
  #window = 0;
  #notBefore = -Infinity;
  #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** How long to wait before the next attempt; the first is due at once. */
  wait(now: number): number {
    return Math.max(0, this.#random() * this.#window, this.#notBefore - now);
  }

  /** An attempt starts. */
  began(now: number): void {
    this.#notBefore = now + leastGap;
  }

  /**
   * The attempt failed. Where nobody answered, the next wait is no longer than
   * the first: a try that reached no server cost it nothing. `retryMs` is how long the server asked to wait.
   */
  failed(now: number, answered: boolean, retryMs = 0): void {
    this.#window = answered ? Math.min(longestWindow, Math.max(firstWindow, 2 * this.#window)) : Math.max(firstWindow, this.#window);
    this.#notBefore = Math.max(this.#notBefore, now + retryMs);
  }

  /** It went well for a while: the next loss is another one. */
  forget(): void {
    this.#window = 0;
  }
}
