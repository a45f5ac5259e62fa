// The stage: pictures beneath, and over each the seat of its member.
//
// A picture belongs to a slot of the connection and moves with it from seat to
// seat; a seat belongs to a member. Both are placed by the same arrangement, so
// that a name and its picture change in one frame.

import { useMemo } from "preact/hooks";
import type { Member, Tile } from "../../sdk/index.ts";
import { Alone } from "../room/alone.tsx";
import { keyOf, type Placed, type Seat } from "./arrange.ts";
import { useSize } from "../parts/hooks.ts";
import { useWords } from "../page.ts";
import { Pager } from "./pager.tsx";
import { Picture, SelfPicture } from "./picture.tsx";
import type { Pin } from "./pin-button.tsx";
import { SeatView } from "./seat.tsx";
import type { Session } from "../session.ts";
import { useArrangement } from "./use-arrangement.ts";
import { useSwipe } from "./use-swipe.ts";
import { useView } from "./use-view.ts";

export function Stage({ session }: { session: Session }) {
  const words = useWords();
  const [element, { width, height }] = useSize<HTMLElement>();
  const members = session.members.value;
  const { stage } = session;
  const { seats, arrangement } = useArrangement(session, width, height);
  const pinned = stage.pinned.value;
  useView(session, arrangement, pinned);
  useSwipe(element, (by) => stage.turnPage(by));

  const byId = useMemo(() => new Map(members.map((member) => [member.id, member])), [members]);
  const places = useMemo(() => new Map(arrangement.placed.map((placed) => [keyOf(placed.seat), placed])), [arrangement]);
  const tiles = session.tiles.value;
  const shown = new Set(tiles.filter((tile) => tile.member && !tile.why).map((tile) => `${tile.member}/${tile.source}`));
  const pinnable = seats.filter((seat) => !seat.me).length > 1;
  const pinOf = (key: string): Pin => ({ on: key === pinned, turn: (on) => (stage.pinned.value = on ? key : undefined) });
  const alone = members.length === 1 && members[0]?.me === true;

  return (
    <section class="stage" ref={element} tabIndex={-1} aria-label={words.people(members.length)}>
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
      {arrangement.pagerBox && <Pager stage={stage} box={arrangement.pagerBox} />}
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
      <SelfPicture track={track} mirrored={session.devices.mirrored} placed={placed} />
      <SeatView session={session} placed={placed} member={member} hasPicture={track !== undefined} why={undefined} pin={undefined} />
    </>
  );
}
