import { useEffect } from "preact/hooks";
import type { Keyboard } from "./keyboard.ts";

/** Hands the keys of the window to a keyboard, after whatever has the focus: a menu takes its own arrows and Escape before. */
export function useListener(keyboard: Keyboard): void {
  useEffect(() => {
    const gone = new AbortController();
    const listen = <K extends keyof WindowEventMap>(type: K, hear: (event: WindowEventMap[K]) => void, capture = false) =>
      addEventListener(type, hear, { signal: gone.signal, capture });
    let pointing = false; // the last of keys and pointers
    let pointed = false; // what has the focus has it from a pointer
    listen("pointerdown", () => (pointing = true), true);
    listen("keydown", () => (pointing = false), true);
    listen("focusin", () => (pointed = pointing));
    listen("keydown", (event) => keyboard.press(event, pointed) && event.preventDefault());
    listen("keyup", (event) => keyboard.release(event) && event.preventDefault());
    listen("blur", () => keyboard.letGo());
    return () => gone.abort();
  }, [keyboard]);
}
