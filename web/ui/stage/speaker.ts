// Whose turn it is: the one who speaks stands large, and does not change with every cough.

import type { MemberId, Speaker } from "../../sdk/index.ts";

export interface Turn {
  readonly member: MemberId;
  /** Since when, in milliseconds. */
  readonly since: number;
  /** Who is louder now, and since when. */
  readonly rival?: { readonly member: MemberId; readonly since: number };
}

/** Nobody stands large for less than this, in milliseconds. */
const STAYS = 2000;
/** Who wants to take over must have been the loudest for so long without a pause. */
const INSISTS = 700;

/**
 * Whose turn it is after these speak (the loudest first, oneself not among them).
 * The first to speak has it at once; who has it keeps it in silence. Returns the
 * same object where nothing changes.
 */
export function turnAfter(turn: Turn | undefined, speakers: readonly Speaker[], now: number): Turn | undefined {
  const loudest = speakers[0]?.member;
  if (loudest === undefined) return quiet(turn);
  if (turn === undefined) return { member: loudest, since: now };
  if (loudest === turn.member) return quiet(turn);
  if (turn.rival?.member !== loudest) return { member: turn.member, since: turn.since, rival: { member: loudest, since: now } };
  if (now - turn.since < STAYS || now - turn.rival.since < INSISTS) return turn;
  return { member: loudest, since: now };
}

function quiet(turn: Turn | undefined): Turn | undefined {
  return turn?.rival ? { member: turn.member, since: turn.since } : turn;
}
