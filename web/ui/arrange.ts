// Arranging: which of the people and screens stands where on the stage.

import type { MemberId, PictureKind } from "../sdk/index.ts";
import { type Area, type Box, capacity, pack, type Packing } from "./pack.ts";

/** One picture that may be on the stage. */
export interface Seat {
  readonly member: MemberId;
  readonly source: PictureKind;
  readonly me: boolean;
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
const NARROWEST_TILE = 112;
/** More faces than this nobody looks at, and every one costs the server a line. */
const MOST_FACES = 25;

/**
 * Arranges the seats on a stage of this size. The first screen takes the
 * stage, all others stand among the faces. Without one, faces fill the stage
 * and oneself stands in the corner as soon as there are others. Seats keep the
 * order in which they were given.
 */
export function arrange(seats: readonly Seat[], width: number, height: number): Arrangement {
  const stage: Area = { x: 0, y: 0, width, height };
  const main = seats.find((seat) => seat.source === "screen");
  if (main) {
    const split = splitForScreen(stage);
    const rest = seats.filter((seat) => seat !== main);
    const screenArea = rest.length > 0 ? split.screen : stage;
    const faces = placeFaces(rest, split.faces, packingFor(split.faces));
    return { ...faces, placed: [{ seat: main, box: screenArea, place: "main" }, ...faces.placed] };
  }
  const others = seats.filter((seat) => !seat.me);
  const me = seats.find((seat) => seat.me);
  if (!me || others.length === 0) return placeFaces(seats, stage, packingFor(stage));
  const faces = placeFaces(others, stage, packingFor(stage));
  return { ...faces, placed: [...faces.placed, { seat: me, box: cornerOf(stage), place: "corner" }] };
}

/** Wide stages show whole cameras; tall ones (phones) crop to fill. */
function packingFor(area: Area): Packing {
  return { gap: GAP, aspect: [area.width < area.height ? 2 / 3 : 4 / 3, WIDEST] };
}

function placeFaces(seats: readonly Seat[], area: Area, packing: Packing): Arrangement {
  const fitting = Math.min(MOST_FACES, capacity(seats.length, area, packing, NARROWEST_TILE));
  // The last tile says how many found no room.
  const shown = fitting < seats.length ? Math.max(1, fitting - 1) : seats.length;
  const boxes = pack(Math.min(fitting, seats.length), area, packing);
  const placed = seats.slice(0, shown).flatMap((seat, i) => {
    const box = boxes[i];
    return box ? [{ seat, box, place: "face" as const }] : [];
  });
  const hiddenBox = boxes[shown];
  return { placed, hidden: seats.slice(placed.length), ...(hiddenBox ? { hiddenBox } : {}) };
}

/** A wide stage gives the faces a column at the right, a tall one the part below the screen. */
function splitForScreen(stage: Area): { screen: Area; faces: Area } {
  if (stage.width >= stage.height) {
    const column = Math.round(Math.min(280, Math.max(128, stage.width * 0.2)));
    const rest = stage.width - column - GAP;
    return {
      screen: { ...stage, width: rest },
      faces: { ...stage, x: rest + GAP, width: column },
    };
  }
  const screenHeight = Math.round(Math.min(stage.width / WIDEST, stage.height * 0.6));
  return {
    screen: { ...stage, height: screenHeight },
    faces: { ...stage, y: screenHeight + GAP, height: stage.height - screenHeight - GAP },
  };
}

function cornerOf(stage: Area): Box {
  const tall = stage.width < stage.height;
  const width = Math.round(tall ? Math.max(84, stage.width * 0.24) : Math.min(224, Math.max(120, stage.width * 0.17)));
  const height = Math.round(tall ? width * 4 / 3 : width / WIDEST);
  return { x: stage.x + stage.width - width - GAP, y: stage.y + stage.height - height - GAP, width, height };
}
