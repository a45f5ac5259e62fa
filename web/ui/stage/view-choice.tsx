// How one wants to see the room; in the settings.

import { canFullScreen, turnPage } from "./full-screen.ts";
import type { Layout } from "./mains.ts";
import { Icon, type IconName } from "../parts/icons.tsx";
import { useWords } from "../page.ts";
import type { StageChoices } from "./choices.ts";

const icons: Readonly<Record<Layout, IconName>> = { grid: "alike", speaker: "oneLarge" };

export function ViewChoice({ stage }: { stage: StageChoices }) {
  const words = useWords();
  const full = stage.fullScreen.value;
  return (
    <fieldset class="view-choice">
      <legend>{words.view}</legend>
      <div class="layouts">
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
      {canFullScreen() && (
        <button type="button" class="button" aria-pressed={full} onClick={() => void turnPage(!full)}>
          <Icon name={full ? "shrink" : "grow"} />{words.fullScreen}
        </button>
      )}
    </fieldset>
  );
}
