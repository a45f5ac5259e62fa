// Pages: a crowd is looked at part by part.

import type { Seat } from "./arrange.ts";

/**
 * Parts the seats into pages of at most so many, in their order. Oneself stands
 * at the end of the first page where others stand there too, so that one need
 * not look for it.
 */
export function paginate(seats: readonly Seat[], perPage: number): Seat[][] {
  const me = seats.findIndex((seat) => seat.me);
  const ordered = me < perPage || perPage < 2 ? seats : seats.toSpliced(me, 1).toSpliced(perPage - 1, 0, seats[me]!);
  const pages = Math.max(1, Math.ceil(ordered.length / Math.max(1, perPage)));
  return Array.from({ length: pages }, (_, page) => ordered.slice(page * perPage, (page + 1) * perPage));
}

/** A finger that moved less than this along the stage did not turn a page, in pixels. */
const SWIPE = 56;

/** Which way a finger turns pages that moved so far: 1 forward, -1 back, 0 not at all. */
export function swipeOf(dx: number, dy: number): -1 | 0 | 1 {
  if (Math.abs(dx) < SWIPE || Math.abs(dx) < 2 * Math.abs(dy)) return 0;
  return dx < 0 ? 1 : -1;
}
