import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useCommand } from "../keyboard/use-keyboard.ts";
import { Icon } from "../parts/icons.tsx";
import { useWords } from "../page.ts";
import { isComposing } from "../parts/keys.ts";
import type { Session } from "../session.ts";

interface PanelFrameProps {
  session: Session;
  title: string;
  children: ComponentChildren;
}

/** The panel beside the stage. It takes the focus, unless something in it has; Escape closes it. */
export function PanelFrame({ session, title, children }: PanelFrameProps) {
  const words = useWords();
  const panel = useRef<HTMLElement>(null);
  const close = () => (session.panel.value = undefined);
  useEffect(() => {
    if (!panel.current?.contains(document.activeElement)) panel.current?.focus({ preventScroll: true });
  }, []);
  useCommand("close", close);
  return (
    <aside
      class="panel" ref={panel} tabIndex={-1} aria-label={title}
      onKeyDown={(event) => {
        // Also while one writes; but one that ends composing belongs to the input method.
        if (event.key === "Escape" && !isComposing(event)) close();
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
