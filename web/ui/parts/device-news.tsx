// Devices that come and go while the page is open: what is new is offered, and
// what is gone is said.

import type { ComponentChildren } from "preact";
import type { Devices } from "../devices.ts";
import { Icon } from "./icons.tsx";
import { plainLabel } from "./plain-label.ts";
import { usePage, useWords } from "../page.ts";

export function DeviceNews({ devices }: { devices: Devices }) {
  const { words: { ready }, language, recall, remember } = usePage();
  const [came, went] = [devices.came.value, devices.went.value];
  const useThem = () => {
    for (const { kind, id } of came) {
      remember({ devices: { ...recall().devices, [kind]: id } });
      void devices.choose(kind, id);
    }
  };
  // A headset is a microphone and a speaker.
  const names = new Intl.ListFormat(language).format(new Set(came.map(({ label }) => plainLabel(label))));
  return (
    <>
      {went && <News dismiss={() => (devices.went.value = undefined)}>{ready.deviceWent(plainLabel(went.label))}</News>}
      {came.length > 0 && (
        <News dismiss={() => (devices.came.value = [])} act={[ready.useDevice, useThem]}>{ready.deviceCame(names)}</News>
      )}
    </>
  );
}

interface NewsProps {
  /** What may be done about it, in words, and how. */
  act?: readonly [string, () => void];
  dismiss: () => void;
  children: ComponentChildren;
}

function News({ act, dismiss, children }: NewsProps) {
  const words = useWords();
  return (
    <div class="notice">
      <p role="status">{children}</p>
      {act && <button type="button" class="button small" onClick={act[1]}>{act[0]}</button>}
      <button type="button" class="round quiet-button" aria-label={words.dismiss} onClick={dismiss}><Icon name="close" /></button>
    </div>
  );
}
