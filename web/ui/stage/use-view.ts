import { useEffect } from "preact/hooks";
import { type Arrangement, keyOf } from "./arrange.ts";
import type { Session } from "../session.ts";

/** Tells the server what is on the screen, the page of it that is looked at. */
export function useView(session: Session, arrangement: Arrangement, pinned: string | undefined): void {
  const members = session.members.value;
  const state = session.state.value;
  useEffect(() => {
    if (state !== "in") return;
    const hasPicture = new Set(members.flatMap((member) => [
      ...(member.sources.camera === "live" ? [`${member.id}/camera`] : []),
      ...(member.sources.screen === "live" ? [`${member.id}/screen`] : []),
    ]));
    const others = arrangement.placed.filter((placed) => !placed.seat.me);
    // Who has no picture still wants a voice line, after all pictures.
    const first = others.filter((placed) => hasPicture.has(keyOf(placed.seat)));
    const last = others.filter((placed) => !hasPicture.has(keyOf(placed.seat)));
    session.view([...first, ...last].map(({ seat, box }) => (
      { member: seat.member, source: seat.source, width: box.width, height: box.height, ...(keyOf(seat) === pinned && { pinned: true }) }
    )));
  }, [session, arrangement, pinned, members, state]);
}
