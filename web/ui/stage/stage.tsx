// The stage: pictures beneath, and over each the seat of its member.
//
// A picture belongs to a slot of the connection and moves with it from seat to
// seat; a seat belongs to a member. Both are placed by the same arrangement, so
// that a name and its picture change in one frame.

import { useMemo } from "preact/hooks";
import type { Tile } from "../../sdk/index.ts";
import { Alone } from "../room/alone.tsx";
import { keyOf, type Seat } from "./arrange.ts";
import { useFullScreen } from "./full-screen.ts";
import { useSize } from "../parts/hooks.ts";
import { useWords } from "../page.ts";
import { Pager } from "./pager.tsx";
import { Picture, SelfPicture } from "./picture.tsx";
import { HiddenSelf } from "./hidden-self.tsx";
import { type SeatProps, SeatView } from "./seat.tsx";
import type { Session } from "../session.ts";
import { toolsOf } from "./tools.tsx";
import { useArrangement } from "./use-arrangement.ts";
import { useSeatKeys } from "./use-seat-keys.ts";
import { useSwipe } from "./use-swipe.ts";
import { useTaste } from "./use-taste.ts";
import { useView } from "./use-view.ts";

export function Stage({ session }: { session: Session }) {
  const words = useWords();
  const [element, { width, height }] = useSize<HTMLElement>();
  const members = session.members.value;
  const { stage } = session;
  const { seats, arrangement } = useArrangement(session, width, height);
  const pinned = stage.pinned.value;
  useView(session, arrangement, pinned);
  useSeatKeys(element, pinned);
  useSwipe(element, (by) => stage.turnPage(by));
  useTaste(stage);
  useFullScreen(stage, seats);

  const byId = useMemo(() => new Map(members.map((member) => [member.id, member])), [members]);
  const places = useMemo(() => new Map(arrangement.placed.map((placed) => [keyOf(placed.seat), placed])), [arrangement]);
  const tiles = session.tiles.value;
  const shown = new Set(tiles.filter((tile) => tile.member && !tile.why).map((tile) => `${tile.member}/${tile.source}`));
  const crowd = seats.filter((seat) => !seat.me).length > 1;
  const alone = members.length === 1 && members[0]?.me === true;

  return (
    <section class={`stage ${stage.only.value ? "only" : ""}`} ref={element} tabIndex={-1} aria-label={words.people(members.length)}>
      {tiles.map((tile) => <Picture key={tile.key} tile={tile} placed={places.get(`${tile.member}/${tile.source}`)} />)}
      {seats.map((seat) => { // not as they are placed: what moves in the document loses the focus
        const key = keyOf(seat);
        const [placed, member] = [places.get(key), byId.get(seat.member)];
        if (!placed || !member) return null;
        const name = seat.source === "screen" ? words.screenOf(member.name) : seat.me ? words.you : member.name;
        const common = { key, session, placed, member, name, tools: seats.length > 1 ? toolsOf(session, words, placed, name, crowd) : [] };
        return seat.me
          ? <SelfSeat {...common} />
          : <SeatView {...common} hasPicture={shown.has(key)} why={whyNot(tiles, seat)} />;
      })}
      {stage.selfHidden.value && !alone && <HiddenSelf stage={stage} />}
      {arrangement.pagerBox && <Pager stage={stage} box={arrangement.pagerBox} />}
      {alone && <Alone room={session.roomName} />}
    </section>
  );
}

function whyNot(tiles: readonly Tile[], seat: Seat): Tile["why"] {
  return tiles.find((tile) => tile.member === seat.member && tile.source === seat.source)?.why;
}

function SelfSeat(common: Omit<SeatProps, "hasPicture" | "why">) {
  const track = common.session.devices.camera.value.track;
  return (
    <>
      <SelfPicture track={track} mirrored={common.session.devices.mirrored} placed={common.placed} />
      <SeatView {...common} hasPicture={track !== undefined} why={undefined} />
    </>
  );
}
