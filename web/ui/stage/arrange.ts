// Arranging: where the seats of the people and screens stand on the stage.

import type { MemberId, PictureKind } from "../../sdk/index.ts";
import { type Area, type Box, capacity, pack, type Packing } from "./pack.ts";
import { paginate } from "./pages.ts";

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
  /** What is on the screen. */
  readonly placed: readonly Placed[];
  /** The faces by pages; one page is shown. */
  readonly pages: readonly (readonly Seat[])[];
  /** Which page is shown, from 0. */
  readonly page: number;
  /** Where pages are turned, if there are several. */
  readonly pagerBox?: Box;
}

export interface Wish {
  /** Keys of the seats that stand large, at most four. */
  readonly mains?: readonly string[];
  /** The page of faces to show, from 0; the last if there are fewer. */
  readonly page?: number;
}

const GAP = 8;
const WIDEST = 16 / 9;
/** A tile narrower than this shows nobody, in pixels. */
const NARROWEST_TILE = 84;
/** More faces than this nobody looks at, and every one costs the server a line. */
const MOST_FACES = 25;
/** The same on a phone: a stage of which one side is shorter than this, in pixels. */
const MOST_ON_PHONE = 12;
const PHONE = 500;
/** Oneself stands in the corner while that covers at most this part of a face. */
const MOST_COVERED = 0.125;
/** How high the place is where pages are turned, in pixels. */
const PAGER = 44;

/**
 * Arranges the seats on a stage of this size. Who is to stand large takes the
 * stage, and all others stand among the faces. Without any, faces fill the stage
 * and oneself stands in the corner, or as a face among many. Seats keep the order
 * in which they were given; those that find no room stand on further pages.
 */
export function arrange(seats: readonly Seat[], width: number, height: number, { mains = [], page = 0 }: Wish = {}): Arrangement {
  const stage: Area = { x: 0, y: 0, width, height };
  // Not laid out yet: nobody is hidden, so nobody has to come forward.
  if (areaOf(stage) <= 0) return { placed: [], pages: [seats], page: 0 };
  const most = Math.min(width, height) < PHONE ? MOST_ON_PHONE : MOST_FACES;
  const large = mains.flatMap((key) => seats.find((seat) => keyOf(seat) === key) ?? []);
  if (large.length > 0) {
    const rest = seats.filter((seat) => !large.includes(seat));
    const split = rest.length > 0 ? splitForMain(stage, large.length) : { main: stage, faces: stage };
    const faces = placeFaces(rest, split.faces, most, page);
    return { ...faces, placed: [...placeMains(large, split.main), ...faces.placed] };
  }
  const others = seats.filter((seat) => !seat.me);
  const me = seats.find((seat) => seat.me);
  if (!me || others.length === 0) return placeFaces(seats, stage, most, page);
  const faces = placeFaces(others, stage, most, page);
  const corner = cornerOf(stage);
  const face = faces.placed[0]?.box;
  const covers = face && areaOf(corner) > MOST_COVERED * areaOf(face);
  if (covers || faces.pages.length > 1) return placeFaces(seats, stage, most, page);
  return { ...faces, placed: [...faces.placed, { seat: me, box: corner, place: "corner" }] };
}

/** Wide stages crop cameras a little to fill, tall ones (phones) more, most of all for one face. */
function packingFor(area: Area, count: number): Packing {
  const tallest = count === 1 ? 9 / 16 : 2 / 3;
  return { gap: GAP, aspect: [area.width < area.height ? tallest : 1, WIDEST] };
}

function placeFaces(seats: readonly Seat[], area: Area, most: number, wanted: number): Arrangement {
  const fitting = (room: Area) => Math.min(most, seats.length, capacity(seats.length, room, packingFor(room, seats.length), NARROWEST_TILE));
  const turned = fitting(area) < seats.length;
  const room = turned ? { ...area, height: Math.max(0, area.height - PAGER - GAP) } : area;
  const pages = paginate(seats, turned ? fitting(room) : seats.length);
  const page = Math.max(0, Math.min(wanted, pages.length - 1));
  const shown = pages[page] ?? [];
  const boxes = pack(shown.length, room, packingFor(room, shown.length));
  return {
    placed: shown.flatMap((seat, i) => (boxes[i] ? [{ seat, box: boxes[i], place: "face" as const }] : [])),
    pages,
    page,
    ...(turned && { pagerBox: { ...area, y: area.y + area.height - PAGER, height: PAGER } }),
  };
}

/** Those that stand large share their place, none larger than another, in whole cells: a screen fills what it can of its own. */
function placeMains(seats: readonly Seat[], area: Area): Placed[] {
  const { columns, width, height } = cellsOf(seats.length, area);
  return seats.map((seat, i) => ({
    seat,
    box: {
      x: Math.round(area.x + (i % columns) * (width + GAP)),
      y: Math.round(area.y + Math.floor(i / columns) * (height + GAP)),
      width: Math.floor(width),
      height: Math.floor(height),
    },
    place: "main",
  }));
}

/** Cells that an area is parted into, beside or above each other, and how wide the picture of a screen is in one. */
function cellsOf(count: number, area: Area) {
  const shapes = [1, 2].filter((columns) => columns <= count).map((columns) => {
    const rows = Math.ceil(count / columns);
    const width = Math.max(0, (area.width - GAP * (columns - 1)) / columns);
    const height = Math.max(0, (area.height - GAP * (rows - 1)) / rows);
    return { columns, width, height, picture: Math.min(width, height * WIDEST) };
  });
  return shapes.reduce((best, shape) => (shape.picture > best.picture ? shape : best));
}

/** Faces stand in a column at the right or below, whichever leaves what stands large larger. */
function splitForMain(stage: Area, large: number): { main: Area; faces: Area } {
  const column = Math.round(Math.min(280, Math.max(144, stage.width * 0.2)));
  const beside = { ...stage, width: Math.max(0, stage.width - column - GAP) };
  const height = Math.round(Math.min(large * (stage.width / WIDEST), stage.height * 0.6));
  const above = { ...stage, height };
  if (cellsOf(large, beside).picture >= cellsOf(large, above).picture) {
    return { main: beside, faces: { ...stage, x: beside.width + GAP, width: column } };
  }
  return { main: above, faces: { ...stage, y: height + GAP, height: Math.max(0, stage.height - height - GAP) } };
}

function areaOf({ width, height }: Pick<Box, "width" | "height">): number {
  return width * height;
}

function cornerOf(stage: Area): Box {
  const tall = stage.width < stage.height;
  const width = Math.round(tall ? Math.max(84, stage.width * 0.24) : Math.min(224, Math.max(120, stage.width * 0.17)));
  const height = Math.round(tall ? width * 4 / 3 : width / WIDEST);
  return { x: stage.x + stage.width - width - GAP, y: stage.y + stage.height - height - GAP, width, height };
}
