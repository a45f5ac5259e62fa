// What went wrong, in words, with what to do next.

import type { Messages } from "../../i18n/index.ts";
import type { DeviceTrouble, Devices } from "../devices.ts";
import { Icon } from "./icons.tsx";
import { useWords } from "../page.ts";
import type { Refusal } from "../session.ts";

/** Says a refusal in the page's language. */
export function sayRefusal(words: Messages, refusal: Refusal): string {
  switch (refusal) {
    case "unknown":
      return words.unknownTrouble;
    case "denied":
    case "badInvitation":
      return words[refusal];
    default:
      return words.trouble[refusal];
  }
}

/** The troubles of our own devices, each with a way out. */
export function DeviceTroubles({ devices }: { devices: Devices }) {
  return (
    <>
      {devices.trouble.value.map((trouble) => <OneTrouble key={trouble.device} devices={devices} trouble={trouble} />)}
    </>
  );
}

function OneTrouble({ devices, trouble: { device, code } }: { devices: Devices; trouble: DeviceTrouble }) {
  const words = useWords();
  const names = {
    mic: words.microphoneTrouble,
    camera: words.cameraTrouble,
    screen: words.screenTrouble,
    speaker: words.speakerTrouble,
  };
  return (
    <div class="notice" role="alert">
      <p><b>{names[device]}</b> {words.trouble[code]}</p>
      {(device === "mic" || device === "camera") && (
        <button type="button" class="button small" onClick={() => void devices.retry(device)}>{words.tryAgain}</button>
      )}
      <button type="button" class="round quiet-button" aria-label={words.dismiss} onClick={() => devices.dismiss(device)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
