// Which camera, microphone and speaker; used before and in the room. In the lobby its
// code comes when it is asked for.

import { useState } from "preact/hooks";
import type { Device, DeviceKind } from "../../sdk/index.ts";
import type { Devices } from "../devices.ts";
import { Icon } from "./icons.tsx";
import { Meter } from "./meter.tsx";
import { plainLabel } from "./plain-label.ts";
import { playTone } from "./tone.ts";
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

function TestSound({ devices }: { devices: Devices }) {
  const { ready } = useWords();
  const [playing, setPlaying] = useState(false);
  const play = async () => {
    setPlaying(true);
    await devices.testSpeaker(playTone);
    setPlaying(false);
  };
  return (
    <button type="button" class="button test-sound" aria-disabled={playing} onClick={() => playing || void play()}>
      <Icon name="speaker" />{playing ? ready.soundPlaying : ready.playSound}
    </button>
  );
}
