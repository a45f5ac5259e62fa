// What somebody ought to know about their microphone, told from how loud it is at
// it. A false alarm is worse than none: people stop believing it.

/** `silent`: it is on and gives nothing; `talking`: somebody talks while it is muted. */
export type Heard = "silent" | "talking" | undefined;

/** What is quieter, in dBFS, comes from no device that works: even a still room has noise. */
const nothing = -110;
/** A microphone that gives nothing for so long, in milliseconds, gives none. */
const patience = 10_000;
/** What is louder, in dBFS, is a voice near by rather than the room, once noise is suppressed. */
const voice = -40;
/** Somebody talks who is this loud for half of the time within such a span, in milliseconds. */
const span = 2000;
/** Who has fallen silent for so long, in milliseconds, knows, or was not talking to us. */
const over = 5000;
/** Who waved it away, talks on to somebody else, and is left in peace for so long, in milliseconds. */
const peace = 300_000;

/** Follows one microphone. It is told how loud it is, about ten times a second, and reads no clock. */
export class Hearing {
  /** Has it ever given anything: one that has, and is still now, may cut noise off by itself. */
  #works = false;
  #stillSince: number | undefined;
  #lately: { at: number; loud: boolean }[] = [];
  #loudAt = -Infinity;
  #talking = false;
  #peaceUntil = -Infinity;

  /** `loudness` in dBFS, undefined where it is not known; `at` in milliseconds. */
  hear(muted: boolean, loudness: number | undefined, at: number): Heard {
    this.#listen(muted ? loudness : undefined, at);
    if (loudness === undefined) {
      this.#stillSince = undefined;
      return undefined;
    }
    this.#works ||= loudness > nothing;
    if (muted) return this.#talking && at >= this.#peaceUntil ? "talking" : undefined;
    this.#peaceUntil = -Infinity;
    if (this.#works) return undefined;
    this.#stillSince ??= at;
    return at - this.#stillSince >= patience ? "silent" : undefined;
  }

  /** Who talks while muted means to. */
  leaveInPeace(at: number): void {
    this.#peaceUntil = at + peace;
  }

  /** Is there a voice, while muted; undefined: not muted. */
  #listen(loudness: number | undefined, at: number): void {
    if (loudness === undefined) {
      this.#lately = [];
      this.#talking = false;
      return;
    }
    const loud = loudness > voice;
    if (loud) this.#loudAt = at;
    this.#lately = [...this.#lately.filter((heard) => at - heard.at <= span), { at, loud }];
    const whole = at - this.#lately[0]!.at > 0.9 * span;
    const often = this.#lately.filter((heard) => heard.loud).length >= this.#lately.length / 2;
    if (whole && often) this.#talking = true;
    if (at - this.#loudAt > over) this.#talking = false;
  }
}
