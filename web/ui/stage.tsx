// The stage: pictures beneath, and over each the seat of its member.
//
// A picture belongs to a slot of the connection and moves with it from seat to
// seat; a seat belongs to a member. Both are placed by the same arrangement, so
// that a name and its picture change in one frame.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Member, MemberId, Tile } from "../sdk/index.ts";
import { type Arrangement, arrange, type Placed, type Seat } from "./arrange.ts";
import { Alone } from "./alone.tsx";
import { useSize } from "./hooks.ts";
import { useWords } from "./page.ts";
import { Picture, SelfPicture } from "./picture.tsx";
import { SeatView } from "./seat.tsx";
import { reseat, seatsOf, spokeLately } from "./seats.ts";
import type { Session } from "./session.ts";
import { useBox } from "./use-box.ts";

const REMEMBERED_SPEAKERS = 64; // more than a stage has seats

export function Stage({ session }: { session: Session }) {
  const words = useWords();
  const [stage, { width, height }] = useSize<HTMLElement>();
  const members = session.members.value;
  const arrangement = useArrangement(session, width, height);
  useView(session, arrangement);

  const byId = useMemo(() => new Map(members.map((member) => [member.id, member])), [members]);
  const places = useMemo(() => new Map(arrangement.placed.map((placed) => [keyOf(placed.seat), placed])), [arrangement]);
  const tiles = session.tiles.value;
  const shown = new Set(tiles.filter((tile) => tile.member && !tile.why).map((tile) => `${tile.member}/${tile.source}`));
  const alone = members.length === 1 && members[0]?.me === true;

  return (
    <section class="stage" ref={stage} aria-label={words.people(members.length)}>
      {tiles.map((tile) => <Picture key={tile.key} tile={tile} placed={places.get(`${tile.member}/${tile.source}`)} />)}
      {arrangement.placed.map((placed) => {
        const member = byId.get(placed.seat.member);
        if (!member) return null;
        return placed.seat.me
          ? <SelfSeat key={keyOf(placed.seat)} session={session} placed={placed} member={member} />
          : (
            <SeatView
              key={keyOf(placed.seat)} session={session} placed={placed} member={member}
              hasPicture={shown.has(keyOf(placed.seat))} why={whyNot(tiles, placed.seat)}
            />
          );
      })}
      <HiddenCount arrangement={arrangement} />
      {alone && <Alone room={session.roomName} />}
    </section>
  );
}

function keyOf(seat: Seat): string {
  return `${seat.member}/${seat.source}`;
}

function whyNot(tiles: readonly Tile[], seat: Seat): Tile["why"] {
  return tiles.find((tile) => tile.member === seat.member && tile.source === seat.source)?.why;
}

function SelfSeat({ session, placed, member }: { session: Session; placed: Placed; member: Member }) {
  const track = session.devices.camera.value.track;
  return (
    <>
      <SelfPicture track={track} placed={placed} />
      <SeatView session={session} placed={placed} member={member} hasPicture={track !== undefined} why={undefined} />
    </>
  );
}

/** Arranges everybody, and gives hidden people a seat while they speak. */
function useArrangement(session: Session, width: number, height: number): Arrangement {
  const members = session.members.value;
  const [order, setOrder] = useState<readonly MemberId[]>([]);
  const seats = useMemo(() => seatsOf(members, order), [members, order]);
  const arrangement = useMemo(() => arrange(seats, width, height), [seats, width, height]);
  const now = useRef({ seats, arrangement });
  now.current = { seats, arrangement };
  useEffect(() => {
    let lately: readonly MemberId[] = [];
    return session.speakers.subscribe((speakers) => {
      lately = spokeLately(lately, speakers, REMEMBERED_SPEAKERS);
      const faces = now.current.seats.filter((seat) => seat.source === "camera" && !seat.me).map((seat) => seat.member);
      const hidden = new Set(now.current.arrangement.hidden.map((seat) => seat.member));
      const next = reseat(faces, hidden, speakers, lately);
      if (next !== faces) setOrder(next);
    });
  }, [session]);
  return arrangement;
}

/** Tells the server what is on the screen. */
function useView(session: Session, arrangement: Arrangement): void {
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
      { member: seat.member, source: seat.source, width: box.width, height: box.height }
    )));
  }, [session, arrangement, members, state]);
}

/** Says how many people found no room. */
function HiddenCount({ arrangement: { hidden, hiddenBox } }: { arrangement: Arrangement }) {
  const words = useWords();
  const element = useBox<HTMLDivElement>(hiddenBox);
  if (!hiddenBox || hidden.length === 0) return null;
  return <div class="seat more-people" ref={element}>{words.more(hidden.length)}</div>;
}
