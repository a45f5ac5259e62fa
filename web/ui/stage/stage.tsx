// The stage: pictures beneath, and over each the seat of its member.
//
// A picture belongs to a slot of the connection and moves with it from seat to
// seat; a seat belongs to a member. Both are placed by the same arrangement, so
// that a name and its picture change in one frame.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Member, MemberId, Tile } from "../../sdk/index.ts";
import { type Arrangement, arrange, keyOf, type Placed, type Seat } from "./arrange.ts";
import { Alone } from "../room/alone.tsx";
import { useSize } from "../parts/hooks.ts";
import { useWords } from "../page.ts";
import { Picture, SelfPicture } from "./picture.tsx";
import type { Pin } from "./pin-button.tsx";
import { SeatView } from "./seat.tsx";
import { reseat, seatsOf, spokeLately } from "./seats.ts";
import type { Session } from "../session.ts";
import { useBox } from "../parts/use-box.ts";

const REMEMBERED_SPEAKERS = 64; // more than a stage has seats

export function Stage({ session }: { session: Session }) {
  const words = useWords();
  const [stage, { width, height }] = useSize<HTMLElement>();
  const members = session.members.value;
  const [pinned, pin] = useState<string>();
  const { seats, arrangement } = useArrangement(session, width, height, pinned);
  useView(session, arrangement, pinned);

  const byId = useMemo(() => new Map(members.map((member) => [member.id, member])), [members]);
  const places = useMemo(() => new Map(arrangement.placed.map((placed) => [keyOf(placed.seat), placed])), [arrangement]);
  const tiles = session.tiles.value;
  const shown = new Set(tiles.filter((tile) => tile.member && !tile.why).map((tile) => `${tile.member}/${tile.source}`));
  const pinnable = seats.filter((seat) => !seat.me).length > 1;
  const pinOf = (key: string): Pin => ({ on: key === pinned, turn: (on) => pin(on ? key : undefined) });
  const alone = members.length === 1 && members[0]?.me === true;

  return (
    <section class="stage" ref={stage} aria-label={words.people(members.length)}>
      {tiles.map((tile) => <Picture key={tile.key} tile={tile} placed={places.get(`${tile.member}/${tile.source}`)} />)}
      {seats.map((seat) => { // not as they are placed: what moves in the document loses the focus
        const key = keyOf(seat);
        const [placed, member] = [places.get(key), byId.get(seat.member)];
        if (!placed || !member) return null;
        return seat.me
          ? <SelfSeat key={key} session={session} placed={placed} member={member} />
          : (
            <SeatView
              key={key} session={session} placed={placed} member={member}
              hasPicture={shown.has(key)} why={whyNot(tiles, seat)} pin={pinnable ? pinOf(key) : undefined}
            />
          );
      })}
      <HiddenCount arrangement={arrangement} />
      {alone && <Alone room={session.roomName} />}
    </section>
  );
}

function whyNot(tiles: readonly Tile[], seat: Seat): Tile["why"] {
  return tiles.find((tile) => tile.member === seat.member && tile.source === seat.source)?.why;
}

function SelfSeat({ session, placed, member }: { session: Session; placed: Placed; member: Member }) {
  const track = session.devices.camera.value.track;
  return (
    <>
      <SelfPicture track={track} placed={placed} />
      <SeatView session={session} placed={placed} member={member} hasPicture={track !== undefined} why={undefined} pin={undefined} />
    </>
  );
}

/** Arranges everybody, and gives hidden people a seat while they speak. */
function useArrangement(
  session: Session, width: number, height: number, pinned: string | undefined,
): { seats: readonly Seat[]; arrangement: Arrangement } {
  const members = session.members.value;
  const [order, setOrder] = useState<readonly MemberId[]>([]);
  const seats = useMemo(() => seatsOf(members, order), [members, order]);
  const arrangement = useMemo(() => arrange(seats, width, height, pinned), [seats, width, height, pinned]);
  const now = useRef({ seats, arrangement, pinned });
  now.current = { seats, arrangement, pinned };
  useEffect(() => {
    let lately: readonly MemberId[] = [];
    return session.speakers.subscribe((speakers) => {
      lately = spokeLately(lately, speakers, REMEMBERED_SPEAKERS);
      const { seats, arrangement, pinned } = now.current;
      const faces = seats.filter((seat) => seat.source === "camera" && !seat.me && keyOf(seat) !== pinned).map((seat) => seat.member);
      const hidden = new Set(arrangement.hidden.map((seat) => seat.member));
      const next = reseat(faces, hidden, speakers, lately);
      if (next !== faces) setOrder(next);
    });
  }, [session]);
  return { seats, arrangement };
}

/** Tells the server what is on the screen. */
function useView(session: Session, arrangement: Arrangement, pinned: string | undefined): void {
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

/** Says how many people found no room. */
function HiddenCount({ arrangement: { hidden, hiddenBox } }: { arrangement: Arrangement }) {
  const words = useWords();
  const element = useBox<HTMLDivElement>(hiddenBox);
  if (!hiddenBox || hidden.length === 0) return null;
  return <div class="seat more-people" ref={element}>{words.more(hidden.length)}</div>;
}
