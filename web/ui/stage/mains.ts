// Who stands large on the stage.

import { keyOf, type Seat } from "./arrange.ts";

/** How faces stand where nothing else takes the stage: all alike, or who speaks large. */
export type Layout = "grid" | "speaker";

export interface Choices {
  /** What we pinned ourselves. */
  readonly pinned?: string | undefined;
  /** What a moderator has put on everybody's stage. */
  readonly spotlight?: string | undefined;
  readonly layout: Layout;
}

/** So many screens share the stage; more stand among the faces. */
const MOST_SCREENS = 2;

/**
 * The keys of the seats that stand large: what we pinned, else what is in the
 * spotlight, else the newest screens, else who speaks (the first of the faces) in
 * the layout for that, if others are there to stand beside. Oneself never.
 */
export function mainsOf(seats: readonly Seat[], { pinned, spotlight, layout }: Choices): readonly string[] {
  const others = seats.filter((seat) => !seat.me);
  const chosen = [pinned, spotlight].find((key) => others.some((seat) => keyOf(seat) === key));
  if (chosen !== undefined) return [chosen];
  const screens = others.filter((seat) => seat.source === "screen");
  if (screens.length > 0) return screens.slice(0, MOST_SCREENS).map(keyOf);
  return layout === "speaker" && others.length > 1 ? [keyOf(others[0]!)] : [];
}
