import type { ComponentChildren } from "preact";
import { Icon } from "../parts/icons.tsx";
import { useWords } from "../page.ts";
import type { Session } from "../session.ts";

interface PanelFrameProps {
  session: Session;
  title: string;
  children: ComponentChildren;
}

/** The panel beside the stage; Escape closes it. */
export function PanelFrame({ session, title, children }: PanelFrameProps) {
  const words = useWords();
  const close = () => (session.panel.value = undefined);
  return (
    <aside
      class="panel" aria-label={title}
      onKeyDown={(event) => {
        // An Escape that ends composing belongs to the input method.
        if (event.key === "Escape" && !event.isComposing) close();
      }}
    >
      <header class="panel-top">
        <h2>{title}</h2>
        <button type="button" class="round quiet-button" aria-label={words.close} onClick={close}><Icon name="close" /></button>
      </header>
      {children}
    </aside>
  );
}
