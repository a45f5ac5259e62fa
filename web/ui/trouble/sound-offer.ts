// When to offer sound without pictures, and pictures again.

/** `sound`: to do without pictures; `pictures`: to have them again. */
export type Offer = "sound" | "pictures" | undefined;

/** From these grades of what we receive (1 bad, 5 good), and after so long, in milliseconds, each is offered. */
const offers = {
  sound: { fits: (grade: number) => grade > 0 && grade <= 2, after: 8000 },
  // Sound alone does well on most links: it takes longer to believe in a better one.
  pictures: { fits: (grade: number) => grade >= 4, after: 30_000 },
};
/** Who did not want it is not asked again within this time, in milliseconds. */
const peace = 300_000;

/** Looks at how one receives, about once a second. It reads no clock. */
export class SoundOffer {
  #since: number | undefined;
  #soundOnly = false;
  #peaceUntil = -Infinity;

  /** `grade` of what we receive, 0 where nothing is known; `at` in milliseconds. */
  look(grade: number, soundOnly: boolean, at: number): Offer {
    if (soundOnly !== this.#soundOnly) {
      this.#soundOnly = soundOnly;
      this.#since = undefined;
      this.#peaceUntil = -Infinity;
    }
    const offer = soundOnly ? "pictures" : "sound";
    const { fits, after } = offers[offer];
    if (!fits(grade)) this.#since = undefined;
    else this.#since ??= at;
    return this.#since !== undefined && at - this.#since >= after && at >= this.#peaceUntil ? offer : undefined;
  }

  /** It was offered, and not wanted. */
  decline(at: number): void {
    this.#peaceUntil = at + peace;
  }
}
