// Who gets a seat, in which order, and who gives one up for a speaker.

import type { Member, MemberId, Speaker } from "../sdk/index.ts";
import type { Seat } from "./arrange.ts";

/**
 * All seats of the room: other people's screens, the newest first, then the
 * faces in the order in which people came, oneself last. One's own screen has
 * no seat: nobody wants a hall of mirrors.
 */
export function seatsOf(members: readonly Member[], front: readonly MemberId[] = []): Seat[] {
  const others = members.filter((member) => !member.me);
  const screens = others.filter((member) => member.sources.screen === "live").reverse();
  const faces = [
    ...others.filter((member) => front.includes(member.id)),
    ...others.filter((member) => !front.includes(member.id)),
    ...members.filter((member) => member.me),
  ];
  return [
    ...screens.map((member): Seat => ({ member: member.id, source: "screen", me: false })),
    ...faces.map((member): Seat => ({ member: member.id, source: "camera", me: member.me })),
  ];
}

/**
 * Who is to sit in front when not everybody has room: hidden people who speak
 * come to the front and stay there, the newest `most` of them. Those who are on
 * the screen anyhow keep their places, so nothing jumps.
 */
export function frontRow(
  front: readonly MemberId[], speakers: readonly Speaker[], hidden: ReadonlySet<MemberId>, most: number,
): readonly MemberId[] {
  const called = speakers.map((speaker) => speaker.member).filter((id) => hidden.has(id) && !front.includes(id));
  if (called.length === 0) return front;
  return [...front, ...called].slice(-most);
}
