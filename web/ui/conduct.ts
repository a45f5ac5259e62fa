// What people do to each other in a room, as signals: what oneself may do, hands,
// reactions, and what one was told by who keeps order.

import { batch, signal } from "@preact/signals";
import { type Asked, type Member, type MemberId, type Muted, type Off, outside, type Permission, type Role } from "../sdk/index.ts";
import type { RoomPort } from "./backend.ts";
import { isEmoji } from "./parts/emoji.ts";

/** An emoji that floats. */
export interface Float {
  readonly key: number;
  readonly member: MemberId;
  readonly emoji: string;
}

/** How long a reaction floats, in milliseconds; as long as its animation. */
const FLOATS_FOR = 2600;
/** More at a time nobody sees apart. */
const MOST_FLOATS = 30;

export class Conduct {
  readonly standing = signal(outside);
  readonly reactions = signal<readonly Float[]>([]);
  /** What somebody muted last, until it is waved away or undone. */
  readonly muted = signal<Muted | undefined>(undefined);
  /** What somebody asks us to make live, until it is answered. */
  readonly asked = signal<Asked | undefined>(undefined);
  /** The role that we were given, until it is waved away. */
  readonly newRole = signal<Role | undefined>(undefined);
  /** Our token is about to expire. */
  readonly expiring = signal(false);
  /** How often the chat was cleared. */
  readonly clearings = signal(0);
  #floats = 0;

  may(what: Permission): boolean {
    return this.standing.value.may.has(what);
  }

  /** Listens to a room, and forgets the one before. */
  watch(room: RoomPort): Off[] {
    batch(() => {
      this.standing.value = outside;
      this.reactions.value = [];
      this.muted.value = this.asked.value = this.newRole.value = undefined;
      this.expiring.value = false;
    });
    return [
      room.on("standing", (standing) => {
        const before = this.standing.value;
        if (before !== outside && standing !== outside && standing.role !== before.role) this.newRole.value = standing.role;
        this.standing.value = standing;
      }),
      room.on("reaction", ({ member, emoji }) => this.#float(member, emoji)),
      room.on("muted", (muted) => {
        this.muted.value = muted;
        if (this.asked.value?.source === muted.source) this.asked.value = undefined;
      }),
      room.on("asked", (asked) => {
        this.asked.value = asked;
        if (this.muted.value?.source === asked.source) this.muted.value = undefined;
      }),
      room.on("expires", () => (this.expiring.value = true)),
      room.chat.on("cleared", () => this.clearings.value++),
    ];
  }

  #float(member: MemberId, emoji: string): void {
    if (!isEmoji(emoji)) return; // it comes from others
    const float: Float = { key: this.#floats++, member, emoji };
    this.reactions.value = [...this.reactions.value, float].slice(-MOST_FLOATS);
    setTimeout(() => (this.reactions.value = this.reactions.value.filter((other) => other !== float)), FLOATS_FOR);
  }
}

/** The places of those whose hand is up, from one, in the order of raising. */
export function placesOf(members: readonly Member[]): ReadonlyMap<MemberId, number> {
  const up = members.filter(({ hand }) => hand !== undefined).sort((a, b) => a.hand! - b.hand!);
  return new Map(up.map(({ id }, i) => [id, i + 1]));
}
