// Drafts outlive the panel, and the page: a tab keeps them for each room.

import type { MemberId } from "../../sdk/index.ts";
import type { Draft } from "../session.ts";

const keyOf = (room: string) => `madang draft ${room}`;

/**
 * What was being written in a room when the page went; nothing where that is not known. A private draft is kept for
 * whom we were: who comes in anew writes to everybody again.
 */
export function keptDraft(storage: Storage | undefined, room: string, me: MemberId): Draft | undefined {
  try {
    const { by, text, to, reply } = JSON.parse(storage?.getItem(keyOf(room)) ?? "{}") as Partial<Record<keyof Draft | "by", unknown>>;
    if (typeof text !== "string" || (to && by !== me)) return undefined;
    return { text, ...(isPerson(to) && { to: { id: to.id, name: to.name } }), ...(typeof reply === "string" && { reply }) };
  } catch {
    return undefined;
  }
}

/** Keeps a draft; one that is empty is forgotten. */
export function keepDraft(storage: Storage | undefined, room: string, me: MemberId, draft: Draft): void {
  try {
    if (draft.text || draft.to) storage?.setItem(keyOf(room), JSON.stringify({ by: me, ...draft }));
    else storage?.removeItem(keyOf(room));
  } catch {
    // Full: this one is lost with the page.
  }
}

// A private draft must not become one for all because its receiver is damaged.
function isPerson(to: unknown): to is NonNullable<Draft["to"]> {
  if (to === undefined) return false;
  const { id, name } = (to ?? {}) as Record<string, unknown>;
  if (typeof id !== "string" || typeof name !== "string") throw new TypeError("no person");
  return true;
}
