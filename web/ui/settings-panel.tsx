import { DeviceChoice } from "./device-choice.tsx";
import { LanguageSwitch } from "./language-switch.tsx";
import { useWords } from "./page.ts";
import { PanelFrame } from "./panel.tsx";
import type { Session } from "./session.ts";

/** Devices and language, while in the room. */
export function SettingsPanel({ session }: { session: Session }) {
  const words = useWords();
  return (
    <PanelFrame session={session} title={words.settings}>
      <div class="panel-body settings">
        <DeviceChoice devices={session.devices} />
        <label class="field">
          <span>{words.languageLabel}</span>
          <LanguageSwitch />
        </label>
      </div>
    </PanelFrame>
  );
}
