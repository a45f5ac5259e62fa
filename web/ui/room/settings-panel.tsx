import { DeviceChoice } from "../parts/device-choice.tsx";
import { Icon } from "../parts/icons.tsx";
import { AloudChoice } from "./aloud-choice.tsx";
import { ShortcutsSwitch } from "../keyboard/shortcuts-switch.tsx";
import { useKeyboard } from "../keyboard/use-keyboard.ts";
import { LanguageSwitch } from "../parts/language-switch.tsx";
import { useWords } from "../page.ts";
import { PanelFrame } from "./panel.tsx";
import type { Session } from "../session.ts";
import { ViewChoice } from "../stage/view-choice.tsx";

/** Devices, language and the way to the statistics, while in the room. */
export function SettingsPanel({ session }: { session: Session }) {
  const words = useWords();
  const keyboard = useKeyboard();
  return (
    <PanelFrame session={session} title={words.settings}>
      <div class="panel-body settings">
        <ViewChoice session={session} />
        <DeviceChoice devices={session.devices} />
        <label class="switch">
          <span><span>{words.care.soundOnly}<small class="quiet">{words.care.soundOnlyHint}</small></span></span>
          <input
            type="checkbox" role="switch" checked={session.soundOnly.value}
            onChange={(event) => void session.hearOnly(event.currentTarget.checked)}
          />
        </label>
        <label class="field">
          <span>{words.languageLabel}</span>
          <LanguageSwitch />
        </label>
        <AloudChoice />
        <ShortcutsSwitch />
        <button type="button" class="button" onClick={() => keyboard?.help()}>
          <Icon name="keyboard" />{words.keyboard.show}
        </button>
        <button type="button" class="button" onClick={() => (session.panel.value = "statistics")}>
          <Icon name="bars" />{words.statistics}
        </button>
      </div>
    </PanelFrame>
  );
}
