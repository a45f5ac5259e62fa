// The whole screen, for the page or for one picture of it. Where the browser does
// not give it (iPhones), a picture has the whole page.

import { useEffect } from "preact/hooks";
import { keyOf, type Seat } from "./arrange.ts";
import { useCommand } from "../keyboard/use-keyboard.ts";
import type { StageChoices } from "./choices.ts";

/** Can the page have the whole screen. */
export const canFullScreen = (): boolean => document.fullscreenEnabled === true;

/** Gives this picture the whole screen; undefined: none any more. */
export function turnFullScreen(stage: StageChoices, key: string | undefined): void {
  stage.only.value = key;
  void turnPage(key !== undefined);
}

/** Gives the page the whole screen, or not. */
export async function turnPage(on: boolean): Promise<void> {
  if (!canFullScreen() || on === (document.fullscreenElement !== null)) return;
  // Refused where nobody asked for it just now.
  await (on ? document.documentElement.requestFullscreen() : document.exitFullscreen()).catch(() => {});
}

/** The key for it, and letting a picture go when the screen is left (Escape), or when it is not there any more. */
export function useFullScreen(stage: StageChoices, seats: readonly Seat[]): void {
  useCommand("fullScreen", canFullScreen() ? () => turnPage(!stage.fullScreen.value) : undefined);
  useEffect(() => {
    const look = () => {
      stage.fullScreen.value = document.fullscreenElement !== null;
      if (!document.fullscreenElement) stage.only.value = undefined;
    };
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, [stage]);
  const only = stage.only.value;
  const gone = only !== undefined && !seats.some((seat) => keyOf(seat) === only);
  useEffect(() => {
    if (gone) turnFullScreen(stage, undefined);
  }, [gone]);
}
