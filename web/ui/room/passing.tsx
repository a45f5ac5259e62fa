import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../parts/icons.tsx";
import { useWords } from "../page.ts";

/** How long what needs no answer stays, in milliseconds. */
const STAYS_FOR = 10_000;

/** Says something that goes by itself after a while. */
export function Passing({ close, children }: { close: () => void; children: ComponentChildren }) {
  const words = useWords();
  useEffect(() => {
    const timer = setTimeout(close, STAYS_FOR);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="notice">
      <p>{children}</p>
      <button type="button" class="round quiet-button" aria-label={words.dismiss} onClick={close}><Icon name="close" /></button>
    </div>
  );
}
