// Arranging: which of the people and screens stands where on the stage.

import type { MemberId, PictureKind } from "../../sdk/index.ts";
import { type Area, type Box, capacity, pack, type Packing } from "./pack.ts";

/** One picture that may be on the stage. */
export interface Seat {
  readonly member: MemberId;
  readonly source: PictureKind;
  readonly me: boolean;
}

/** What tells one seat from all others, however it is arranged. */
export function keyOf({ member, source }: Pick<Seat, "member" | "source">): string {
  return `${member}/${source}`;
}

/** Where a seat stands: large, among the faces, or over the corner. */
export type Place = "main" | "face" | "corner";

export interface Placed {
  readonly seat: Seat;
  readonly box: Box;
  readonly place: Place;
}

export interface Arrangement {
  readonly placed: readonly Placed[];
  /** Seats that found no room, and the box that says so. */
  readonly hidden: readonly Seat[];
  readonly hiddenBox?: Box;
}

const GAP = 8;
const WIDEST = 16 / 9;
/** A tile narrower than this shows nobody, in pixels. */
const NARROWEST_TILE = 84;
/** More faces than this nobody looks at, and every one costs the server a line. */
const MOST_FACES = 25;
/** Oneself stands in the corner while that covers at most this part of a face. */
const MOST_COVERED = 0.25;

/**
 * Arranges the seats on a stage of this size. The pinned seat takes the stage,
 * else the first screen; all others stand among the faces. Without either, faces
 * fill the stage and oneself stands in the corner, or as a face among many. Seats
 * keep the order in which they were given.
 */
export function arrange(seats: readonly Seat[], width: number, height: number, pinned?: string): Arrangement {
  const stage: Area = { x: 0, y: 0, width, height };
  // Not laid out yet: nobody is hidden, so nobody has to come forward.
  if (areaOf(stage) <= 0) return { placed: [], hidden: [] };
  const main = seats.find((seat) => keyOf(seat) === pinned) ?? seats.find((seat) => seat.source === "screen");
  if (main) {
    const split = splitForMain(stage);
    const faces = placeFaces(seats.filter((seat) => seat !== main), split.faces);
    return { ...faces, placed: [{ seat: main, box: split.main, place: "main" }, ...faces.placed] };
  }
  const others = seats.filter((seat) => !seat.me);
  const me = seats.find((seat) => seat.me);
  if (!me || others.length === 0) return placeFaces(seats, stage);
  const faces = placeFaces(others, stage);
  const corner = cornerOf(stage);
  const face = faces.placed[0]?.box;
  if (face && areaOf(corner) > MOST_COVERED * areaOf(face)) return placeFaces(seats, stage);
  return { ...faces, placed: [...faces.placed, { seat: me, box: corner, place: "corner" }] };
}

/** Wide stages crop cameras a little to fill, tall ones (phones) more, most of all for one face. */
function packingFor(area: Area, count: number): Packing {
  const tallest = count === 1 ? 9 / 16 : 2 / 3;
  return { gap: GAP, aspect: [area.width < area.height ? tallest : 6 / 5, WIDEST] };
}

function placeFaces(seats: readonly Seat[], area: Area): Arrangement {
  const packing = packingFor(area, seats.length);
  const fitting = Math.min(MOST_FACES, seats.length, capacity(seats.length, area, packing, NARROWEST_TILE));
  const boxes = pack(fitting, area, packing);
  // The last tile says how many found no room.
  const shown = fitting < seats.length ? withMe(seats, Math.max(1, fitting - 1)) : seats;
  const placed = shown.flatMap((seat, i) => {
    const box = boxes[i];
    return box ? [{ seat, box, place: "face" as const }] : [];
  });
  const hiddenBox = boxes[shown.length];
  const hidden = seats.filter((seat) => !placed.some((one) => one.seat === seat));
  return { placed, hidden, ...(hiddenBox ? { hiddenBox } : {}) };
}

/** The first of the seats, oneself among them where others are left too. */
function withMe(seats: readonly Seat[], most: number): readonly Seat[] {
  const first = seats.slice(0, most);
  const me = seats.find((seat) => seat.me);
  return me && most > 1 && !first.includes(me) ? [...first.slice(0, -1), me] : first;
}

/** Faces stand in a column at the right or below, whichever leaves the main picture larger. */
function splitForMain(stage: Area): { main: Area; faces: Area } {
  const column = Math.round(Math.min(280, Math.max(128, stage.width * 0.2)));
  const beside = Math.max(0, stage.width - column - GAP);
  const above = Math.round(Math.min(stage.width / WIDEST, stage.height * 0.6));
  if (Math.min(beside, stage.height * WIDEST) >= Math.min(stage.width, above * WIDEST)) {
    return {
      main: { ...stage, width: beside },
      faces: { ...stage, x: beside + GAP, width: column },
    };
  }
  return {
    main: { ...stage, height: above },
    faces: { ...stage, y: above + GAP, height: Math.max(0, stage.height - above - GAP) },
  };
}

function areaOf({ width, height }: Box): number {
  return width * height;
}

function cornerOf(stage: Area): Box {
  const tall = stage.width < stage.height;
  const width = Math.round(tall ? Math.max(84, stage.width * 0.24) : Math.min(224, Math.max(120, stage.width * 0.17)));
  const height = Math.round(tall ? width * 4 / 3 : width / WIDEST);
  return { x: stage.x + stage.width - width - GAP, y: stage.y + stage.height - height - GAP, width, height };
}
