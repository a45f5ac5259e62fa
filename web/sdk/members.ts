import type { Member, MemberId, Quality, Speaker } from "./types.ts";
import type { Person } from "./wire.ts";

/**
 * Who is here, in the order of arrival, as snapshots. A server that began anew
 * has forgotten everybody, and all come back one after another: those who were
 * here before stand as reconnecting until then, and each takes the place of its name.
 */
export class Members {
  #me: MemberId;
  #byId: Map<MemberId, Member>;
  #awaited: Set<MemberId>;
  list: readonly Member[] = [];

  constructor(me: MemberId, before: readonly Member[] = []) {
    this.#me = me;
    const awaited = before.filter(({ me }) => !me).map((member): Member => ({ ...member, state: "reconnecting", sources: {} }));
    this.#byId = new Map(awaited.map((member) => [member.id, member]));
    this.#awaited = new Set(this.#byId.keys());
  }

  /** Takes who came or changed, and who left. A `set` of somebody unknown is an `add`. */
  apply(people: readonly Person[], gone: readonly MemberId[] = []): void {
    for (const { id, name, state, sources = {}, role = "member", hand, held = [] } of people) {
      this.#put({ id, name, state, sources, role, ...(hand !== undefined && { hand }), held, me: id === this.#me });
    }
    for (const id of gone) this.#byId.delete(id);
    this.list = [...this.#byId.values()];
  }

  /** Waits for nobody any more; was there anybody. */
  settle(): boolean {
    this.apply([], [...this.#awaited]);
    return this.#awaited.size > 0;
  }

  #put(member: Member): void {
    const place = this.#byId.has(member.id) ? undefined : [...this.#awaited].find((id) => this.#byId.get(id)?.name === member.name);
    if (place === undefined) return void this.#byId.set(member.id, member);
    this.#awaited.delete(place);
    this.#byId = new Map([...this.#byId].map(([id, one]) => (id === place ? [member.id, member] : [id, one])));
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
