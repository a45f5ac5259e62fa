// What went wrong, in words, with what to do next.

import type { Messages } from "../../i18n/index.ts";
import type { DeviceTrouble, Devices } from "../devices.ts";
import { placeToAllow } from "./allow.ts";
import { DeviceNews } from "./device-news.tsx";
import { Icon } from "./icons.tsx";
import { useGranted } from "./use-granted.ts";
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

/** The troubles and news of our own devices, each with a way out. What camera and microphone have in common is said once. */
export function DeviceTroubles({ devices }: { devices: Devices }) {
  const troubles = devices.trouble.value;
  const codeOf = (device: DeviceTrouble["device"]) => troubles.find((trouble) => trouble.device === device)?.code;
  const both = codeOf("mic") !== undefined && codeOf("mic") === codeOf("camera");
  return (
    <>
      {troubles.filter(({ device }) => !(both && device === "mic")).map(({ device, code }) => (
        <OneTrouble key={device} devices={devices} of={both && device === "camera" ? ["camera", "mic"] : [device]} code={code} />
      ))}
      <DeviceNews devices={devices} />
    </>
  );
}

interface TroubleProps {
  devices: Devices;
  /** The devices that have it. */
  of: readonly DeviceTrouble["device"][];
  code: DeviceTrouble["code"];
}

function OneTrouble({ devices, of, code }: TroubleProps) {
  const words = useWords();
  const [device] = of;
  const caught = device === "mic" || device === "camera";
  const hopeless = code === "insecure_origin" || code === "unsupported";
  useGranted(code === "device_denied" ? of : [], (one) => void devices.retry(one));
  const names = { mic: words.microphoneTrouble, camera: words.cameraTrouble, screen: words.screenTrouble, speaker: words.speakerTrouble };
  return (
    <div class="notice" role="alert">
      <p>
        <b>{of.length > 1 ? words.care.camerasAndMicrophones : names[device!]}</b> {words.trouble[code]}
        {code === "device_denied" && ` ${words.care.allow[placeToAllow(navigator.userAgent, navigator.maxTouchPoints)]}`}
        {caught && hopeless && ` ${words.care.stillListen}`}
      </p>
      {caught && !hopeless && (
        <button type="button" class="button small" onClick={() => of.forEach((one) => void devices.retry(one))}>{words.tryAgain}</button>
      )}
      <button type="button" class="round quiet-button" aria-label={words.dismiss} onClick={() => of.forEach((one) => devices.dismiss(one))}>
        <Icon name="close" />
      </button>
    </div>
  );
}
