// Which camera, microphone and speaker; used before and in the room.

import { useState } from "preact/hooks";
import type { Device, DeviceKind } from "../../sdk/index.ts";
import type { Devices } from "../devices.ts";
import { useLevel } from "./hooks.ts";
import { Icon } from "./icons.tsx";
import { usePage, useWords } from "../page.ts";

export function DeviceChoice({ devices }: { devices: Devices }) {
  const words = useWords();
  return (
    <div class="device-choice">
      <DeviceSelect devices={devices} kind="camera" label={words.chooseCamera} />
      <DeviceSelect devices={devices} kind="microphone" label={words.chooseMicrophone} />
      <Meter devices={devices} />
      <DeviceSelect devices={devices} kind="speaker" label={words.chooseSpeaker} />
      <TestSound devices={devices} />
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
  return plainLabel(device.label) || fallback;
}

/** A label without the number of its maker, which some browsers add. */
export function plainLabel(label: string): string {
  return label.replace(/ \([\da-f]{4}:[\da-f]{4}\)$/i, "");
}

function TestSound({ devices }: { devices: Devices }) {
  const { ready } = useWords();
  const [playing, setPlaying] = useState(false);
  const play = async () => {
    setPlaying(true);
    await devices.testSpeaker();
    setPlaying(false);
  };
  return (
    <button type="button" class="button test-sound" aria-disabled={playing} onClick={() => playing || void play()}>
      <Icon name="speaker" />{playing ? ready.soundPlaying : ready.playSound}
    </button>
  );
}

/** How loud the microphone is, as a bar. */
export function Meter({ devices }: { devices: Devices }) {
  const words = useWords();
  const bar = useLevel<HTMLDivElement>(() => devices.level(), devices.mic.value.state === "live");
  return <div class="meter" ref={bar} role="img" aria-label={words.microphoneLevel}><span /></div>;
}
