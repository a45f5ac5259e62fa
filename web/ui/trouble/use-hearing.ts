import { useEffect, useMemo, useState } from "preact/hooks";
import type { Devices } from "../devices.ts";
import { type Heard, Hearing } from "./hearing.ts";

/** How often the microphone is listened to, in milliseconds. */
const EVERY = 100;

/** Listens to our microphone, muted or not. Renders only when there is something else to say. `leaveInPeace`: who talks while muted means to. */
export function useHearing(devices: Devices): { heard: Heard; leaveInPeace: () => void } {
  const [heard, setHeard] = useState<Heard>();
  const hearing = useMemo(() => new Hearing(), []);
  useEffect(() => {
    const listen = () => setHeard(hearing.hear(devices.mic.peek().state !== "live", devices.loudness(), performance.now()));
    const timer = setInterval(listen, EVERY);
    return () => clearInterval(timer);
  }, [devices]);
  return { heard, leaveInPeace: () => hearing.leaveInPeace(performance.now()) };
}
