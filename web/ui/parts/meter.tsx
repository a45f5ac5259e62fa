import type { Devices } from "../devices.ts";
import { useLevel } from "./hooks.ts";
import { useWords } from "../page.ts";

/** How loud the microphone is, as a bar. */
export function Meter({ devices }: { devices: Devices }) {
  const words = useWords();
  const bar = useLevel<HTMLDivElement>(() => devices.level(), devices.mic.value.state === "live");
  return <div class="meter" ref={bar} role="img" aria-label={words.microphoneLevel}><span /></div>;
}
