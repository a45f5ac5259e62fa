import type { Member, MemberId, Quality, Speaker } from "./types.ts";
import type { Person } from "./wire.ts";

/** Who is here, in the order of arrival, as snapshots. */
export class Members {
  #me: MemberId;
  #byId = new Map<MemberId, Member>();
  list: readonly Member[] = [];

  constructor(me: MemberId) {
    this.#me = me;
  }

  /** Takes who came or changed, and who left. A `set` of somebody unknown is an `add`. */
  apply(people: readonly Person[], gone: readonly MemberId[] = []): void {
    for (const { id, name, state, sources } of people) {
      this.#byId.set(id, { id, name, state, sources: sources ?? {}, me: id === this.#me });
    }
    for (const id of gone) this.#byId.delete(id);
    this.list = [...this.#byId.values()];
  }
}

/** Levels of the wire, 0 to 127, as levels of a page. */
export function speakersOf(levels: readonly [MemberId, number][]): readonly Speaker[] {
  return levels.map(([member, level]) => ({ member, level: Math.min(1, level / 127) }));
}

/** How everyone fares, after a message that names those of whom something changed. */
export function qualityAfter(known: ReadonlyMap<MemberId, Quality>, told: object): ReadonlyMap<MemberId, Quality> {
  const next = new Map(known);
  for (const [key, value] of Object.entries(told)) {
    if (typeof value === "object") next.set(key, value as Quality); // not `t` and `seq`
  }
  return next;
}
