// The keyboard of the room around a component; before the door there is none.

import { createContext } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import type { Command } from "./catalogue.ts";
import type { Act, Keyboard } from "./keyboard.ts";

export interface RoomKeyboard {
  readonly keyboard: Keyboard;
  /** Has what a key did said to those who listen: the focus is elsewhere. */
  say(text: string): void;
  /** Shows what the keys do. */
  help(): void;
}

export const KeyboardContext = createContext<RoomKeyboard | undefined>(undefined);

export function useKeyboard(): RoomKeyboard | undefined {
  return useContext(KeyboardContext);
}

/** Has a command do this while the component is on the page; undefined: there is nothing to do now. */
export function useCommand(command: Command | undefined, act: Act | Act["press"] | undefined): void {
  const keyboard = useKeyboard()?.keyboard;
  const now = useRef(act);
  now.current = act;
  const holds = typeof act === "object" && act.release !== undefined;
  const offered = act !== undefined;
  useEffect(() => {
    if (!keyboard || !command || !offered) return;
    const current = (): Act => (typeof now.current === "function" ? { press: now.current } : now.current!);
    return keyboard.on(command, {
      press: (event) => current().press(event),
      ...(holds && { release: () => current().release?.() }),
    });
  }, [keyboard, command, offered, holds]);
}
