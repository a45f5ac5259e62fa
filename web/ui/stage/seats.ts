// Who gets a seat, in which order, and who gives one up for a speaker.

import type { Member, MemberId, Speaker } from "../../sdk/index.ts";
import type { Seat } from "./arrange.ts";

/**
 * All seats of the room: other people's screens, the newest first, then the
 * faces in the given order and those not in it by arrival, oneself last. One's
 * own screen has no seat: nobody wants a hall of mirrors.
 */
export function seatsOf(members: readonly Member[], order: readonly MemberId[] = []): Seat[] {
  const others = members.filter((member) => !member.me);
  const screens = others.filter((member) => member.sources.screen === "live").reverse();
  const place = new Map(order.map((id, i) => [id, i]));
  const faces = others.toSorted((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length));
  return [
    ...screens.map((member): Seat => ({ member: member.id, source: "screen", me: false })),
    ...[...faces, ...members.filter((member) => member.me)]
      .map((member): Seat => ({ member: member.id, source: "camera", me: member.me })),
  ];
}

/** Who is seen on the stage, and which of those may have to give way: the faces of the first page. */
export interface Seen {
  readonly seen: ReadonlySet<MemberId>;
  readonly yielding: ReadonlySet<MemberId>;
}

/**
 * The order of faces once those who speak have seats: an unseen speaker takes
 * the place of who has been silent longest on the first page, and nobody else
 * moves. `lately` is who spoke, the latest first. Returns the same order where
 * nothing changes.
 */
export function reseat(
  order: readonly MemberId[], { seen, yielding }: Seen, speakers: readonly Speaker[], lately: readonly MemberId[],
): readonly MemberId[] {
  const speaking = new Set(speakers.map((speaker) => speaker.member));
  const waiting = order.filter((id) => speaking.has(id) && !seen.has(id));
  if (waiting.length === 0) return order;
  const silence = (id: MemberId) => (lately.includes(id) ? lately.indexOf(id) : lately.length);
  const silent = order
    .filter((id) => !speaking.has(id) && yielding.has(id))
    .reverse() // of those who never spoke, the last gives way
    .sort((a, b) => silence(b) - silence(a));
  return waiting.slice(0, silent.length).reduce((next, speaker, i) => swap(next, speaker, silent[i]!), order);
}

/** The order of faces with this one in front; only who was there moves too. */
export function lead(order: readonly MemberId[], first: MemberId): readonly MemberId[] {
  return order[0] === first || !order.includes(first) ? order : swap(order, first, order[0]!);
}

function swap(order: readonly MemberId[], a: MemberId, b: MemberId): readonly MemberId[] {
  return order.map((id) => (id === a ? b : id === b ? a : id));
}

/** Who spoke, the latest first, after these speak; at most `most` of them. */
export function spokeLately(lately: readonly MemberId[], speakers: readonly Speaker[], most: number): readonly MemberId[] {
  const now = speakers.map((speaker) => speaker.member);
  return [...now, ...lately.filter((id) => !now.includes(id))].slice(0, most);
}
