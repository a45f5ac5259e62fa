// How the room is run, and what we may do in it: as snapshots of what the server said.

import type { Permission, Role, SourceKind, Standing } from "./types.ts";
import type { Rules, Welcome } from "./wire.ts";

const ranks: readonly Role[] = ["guest", "member", "moderator", "owner"];
const everything: Permission[] = ["join", "mic", "camera", "screen", "subscribe", "chat", "private", "hand", "react"];

/** Is one role above another: one acts on lower roles only. */
export function isAbove(role: Role, other: Role): boolean {
  return ranks.indexOf(role) > ranks.indexOf(other);
}

/** What publishing a source asks for: a screen goes with its sound. */
export function permissionFor(kind: SourceKind): Permission {
  return kind === "screen-audio" ? "screen" : kind;
}

/** Before a room has said anything. */
export const outside: Standing = { role: "member", may: new Set(everything), locked: false, slow: 0, waiting: [] };

/** As a welcome has it. */
export function standingOf({ role = "member", may = everything, room, waiting = [] }: Welcome): Standing {
  return { role, may: new Set(may), locked: room.locked, slow: room.slow_s ?? 0, waiting, ...(room.spotlight && { spotlight: room.spotlight }) };
}

/** As it is after a message that changes it. */
export function standingAfter(standing: Standing, message: Rules): Standing {
  switch (message.t) {
    case "may": {
      const may = new Set(message.may);
      return { ...standing, role: message.role, may, waiting: may.has("moderate") ? standing.waiting : [] };
    }
    case "lock":
      return { ...standing, locked: message.locked };
    case "slow":
      return { ...standing, slow: message.seconds };
    case "spotlight": {
      const { spotlight: _, ...rest } = standing;
      const { member, source } = message;
      return member && source ? { ...rest, spotlight: { member, source } } : rest;
    }
    case "waiting": {
      const { add = [], del = [] } = message;
      const gone = new Set([...del, ...add.map(({ member }) => member)]);
      return { ...standing, waiting: [...standing.waiting.filter(({ member }) => !gone.has(member)), ...add] };
    }
  }
}
