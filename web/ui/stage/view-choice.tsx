// How one wants to see the room; in the settings.

import { canFullScreen, turnPage } from "./full-screen.ts";
import type { Layout } from "./mains.ts";
import { Icon, type IconName } from "../parts/icons.tsx";
import { usePage, useWords } from "../page.ts";
import { useModule } from "../parts/hooks.ts";
import type { Session } from "../session.ts";

const icons: Readonly<Record<Layout, IconName>> = { grid: "alike", speaker: "oneLarge" };

export function ViewChoice({ session }: { session: Session }) {
  const words = useWords();
  const { stage } = session;
  const full = stage.fullScreen.value;
  return (
    <fieldset class="view-choice">
      <legend>{words.view}</legend>
      <div class="halves">
        {(Object.keys(icons) as Layout[]).map((layout) => (
          <label key={layout} class="layout">
            <input type="radio" name="layout" checked={stage.layout.value === layout} onChange={() => (stage.layout.value = layout)} />
            <Icon name={icons[layout]} />
            <span>{words.layout[layout]}</span>
          </label>
        ))}
      </div>
      <label class="switch">
        <span>{words.showSelf}</span>
        <input
          type="checkbox" role="switch" checked={!stage.selfHidden.value} 
          onChange={(event) => (stage.selfHidden.value = !event.currentTarget.checked)}
        />
      </label>
      <div class="halves">
        <PipButton session={session} />
        {canFullScreen() && (
          <button type="button" class="button small" aria-pressed={full} onClick={() => void turnPage(!full)}>
            <Icon name={full ? "shrink" : "grow"} />{words.fullScreen}
          </button>
        )}
      </div>
    </fieldset>
  );
}

/** Its code is there before the click, in which alone a browser opens such a window. */
function PipButton({ session }: { session: Session }) {
  const page = usePage();
  const pip = useModule(() => import("./pip.tsx"), () => {});
  if (!pip || !("documentPictureInPicture" in window || document.pictureInPictureEnabled)) return null;
  return (
    <button type="button" class="button small" onClick={() => void pip.openPip(session, page)}>
      <Icon name="above" />{page.words.pip}
    </button>
  );
}
