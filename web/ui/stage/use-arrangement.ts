// The arrangement of the room as it is now, and who comes forward while they speak.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MemberId } from "../../sdk/index.ts";
import { type Arrangement, arrange, keyOf, type Seat } from "./arrange.ts";
import { mainsOf } from "./mains.ts";
import { lead, reseat, seatsOf, type Seen, spokeLately } from "./seats.ts";
import type { Session } from "../session.ts";
import { type Turn, turnAfter } from "./speaker.ts";

const REMEMBERED_SPEAKERS = 64; // more than a stage has seats

export interface Arranged {
  /** All that may be on the stage, on whichever page. */
  readonly seats: readonly Seat[];
  /** Keys of those that are to stand large. */
  readonly mains: readonly string[];
  readonly arrangement: Arrangement;
}

/** Arranges everybody as one chose, gives unseen people a seat while they speak, and in the layout for that the large one. */
export function useArrangement({ members, stage, conduct, speakers }: Session, width: number, height: number): Arranged {
  const { layout, pinned, only, page, pages, selfHidden } = stage;
  const { spotlight } = conduct.standing.value;
  const [order, setOrder] = useState<readonly MemberId[]>([]);
  const seats = useMemo(() => seatsOf(members.value, order), [members.value, order]);
  const mains = useMemo(
    () => mainsOf(seats, { layout: layout.value, pinned: pinned.value, spotlight: spotlight && keyOf(spotlight) }),
    [seats, layout.value, pinned.value, spotlight],
  );
  const arrangement = useMemo(() => {
    const alone = seats.find((seat) => keyOf(seat) === only.value);
    if (alone) return arrange([alone], width, height, { mains: [keyOf(alone)] });
    const hidden = selfHidden.value && seats.length > 1;
    return arrange(hidden ? seats.filter((seat) => !seat.me) : seats, width, height, { mains, page: page.value });
  }, [seats, mains, width, height, page.value, selfHidden.value, only.value]);
  useEffect(() => {
    pages.value = arrangement.pages.length;
    page.value = arrangement.page;
  }, [arrangement]);

  const now = useRef({ seats, mains, arrangement });
  now.current = { seats, mains, arrangement };
  useEffect(() => {
    let lately: readonly MemberId[] = [];
    let turn: Turn | undefined;
    return speakers.subscribe((all) => {
      const { seats, mains, arrangement } = now.current;
      const faces = seats.filter((seat) => seat.source === "camera" && !seat.me).map((seat) => seat.member);
      const others = all.filter((speaker) => faces.includes(speaker.member));
      lately = spokeLately(lately, others, REMEMBERED_SPEAKERS);
      turn = turnAfter(turn, others, performance.now());
      stage.turn.value = turn?.member;
      const forward = reseat(faces, seenOn(arrangement, mains), others, lately);
      const next = layout.peek() === "speaker" && turn ? lead(forward, turn.member) : forward;
      if (next !== faces) setOrder(next);
    });
  }, [speakers]);
  return { seats, mains, arrangement };
}

/** Who is seen, or would be on the first page; those on it give way. */
function seenOn({ placed, pages }: Arrangement, mains: readonly string[]): Seen {
  const first = (pages[0] ?? []).filter((seat) => seat.source === "camera" && !seat.me);
  const seen = [...first, ...placed.map((one) => one.seat)].map((seat) => seat.member);
  return { seen: new Set(seen), yielding: new Set(first.filter((seat) => !mains.includes(keyOf(seat))).map((seat) => seat.member)) };
}
