// A part of the page whose code comes when it is needed.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useModule } from "./hooks.ts";
import { useWords } from "../page.ts";

interface LaterProps<M> {
  /** Asked once, when this is first drawn. */
  load: () => Promise<M>;
  /** Is it wanted now; else it is only fetched. */
  when?: boolean;
  children: (module: M) => ComponentChildren;
}

/** A whole page that comes later, or what to do where it does not come. */
export function Later<M>({ load, when = true, children }: LaterProps<M>) {
  const words = useWords();
  const [lost, setLost] = useState(false);
  const module = useModule(load, () => setLost(true));
  if (!when) return null;
  if (module) return children(module);
  if (!lost) return null;
  return (
    <main class="home">
      <section class="home-card">
        <p role="alert">{words.trouble.unreachable}</p>
        {/* Browsers remember that it did not come, until the page is loaded anew. */}
        <button type="button" class="button primary" onClick={() => location.reload()}>{words.tryAgain}</button>
      </section>
    </main>
  );
}
