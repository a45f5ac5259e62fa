import { useEffect } from "preact/hooks";

/** Lets Escape take away the hint that stands over something, until the pointer or the focus goes on (WCAG 1.4.13). */
export function useHush(): void {
  useEffect(() => {
    const gone = new AbortController();
    const hush = (on: boolean) => document.documentElement.toggleAttribute("data-hushed", on);
    const options = { signal: gone.signal, capture: true };
    addEventListener("keydown", ({ key }) => key === "Escape" && hush(true), options);
    addEventListener("pointerover", () => hush(false), options);
    addEventListener("focusin", () => hush(false), options);
    return () => gone.abort();
  }, []);
}
