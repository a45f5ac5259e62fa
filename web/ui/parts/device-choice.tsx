// Which camera, microphone and speaker; used before and in the room.

import type { Device, DeviceKind } from "../../sdk/index.ts";
import type { Devices } from "../devices.ts";
import { useLevel } from "./hooks.ts";
import { usePage, useWords } from "../page.ts";

export function DeviceChoice({ devices }: { devices: Devices }) {
  const words = useWords();
  return (
    <div class="device-choice">
      <DeviceSelect devices={devices} kind="camera" label={words.chooseCamera} />
      <DeviceSelect devices={devices} kind="microphone" label={words.chooseMicrophone} />
      <Meter devices={devices} />
      <DeviceSelect devices={devices} kind="speaker" label={words.chooseSpeaker} />
    </div>
  );
}

function DeviceSelect({ devices, kind, label }: { devices: Devices; kind: DeviceKind; label: string }) {
  const { words, recall, remember } = usePage();
  const known = devices.list.value.filter((device) => device.kind === kind && device.id !== "");
  // Some browsers let nobody choose where sound goes.
  if (known.length === 0 && kind === "speaker") return null;
  return (
    <label class="field">
      <span>{label}</span>
      <select
        class="choice wide" value={devices.chosen(kind) ?? known[0]?.id ?? ""}
        onChange={(event) => {
          const id = event.currentTarget.value;
          remember({ devices: { ...recall().devices, [kind]: id } });
          void devices.choose(kind, id);
        }}
      >
        {known.length === 0 && <option value="">{words.systemDefault}</option>}
        {known.map((device, i) => <option key={device.id} value={device.id}>{nameOf(device, words.device(i + 1))}</option>)}
      </select>
    </label>
  );
}

function nameOf(device: Device, fallback: string): string {
  return device.label || fallback;
}

/** How loud the microphone is, as a bar. */
export function Meter({ devices }: { devices: Devices }) {
  const words = useWords();
  const bar = useLevel<HTMLDivElement>(() => devices.level(), devices.mic.value.state === "live");
  return <div class="meter" ref={bar} role="img" aria-label={words.microphoneLevel}><span /></div>;
}
