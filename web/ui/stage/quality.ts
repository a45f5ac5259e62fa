// How a connection is told: nothing while it is good, else a mark and a sentence.

import type { Messages } from "../../i18n/index.ts";
import type { Quality } from "../../sdk/index.ts";

/** A worse connection than this has a mark. */
const WORST_UNMARKED = 4;

/** How many bars of four the mark of a weak connection has, 1 to 3; undefined where all is well or nothing is known. */
export function barsOf(quality: Quality | undefined): number | undefined {
  const known = [quality?.up, quality?.down].filter((grade): grade is number => grade !== undefined && grade > 0);
  const worst = Math.min(...known);
  return worst < WORST_UNMARKED ? worst : undefined;
}

/** Says what is wrong with somebody's connection; `name` undefined: with one's own. */
export function sayWeak(words: Messages, { why }: Quality, name: string | undefined): string {
  return name === undefined ? words.weakMine[why] : words.weak[why](name);
}
