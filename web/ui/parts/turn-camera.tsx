import { BarButton } from "./bar-button.tsx";
import type { Devices } from "../devices.ts";
import { useWords } from "../page.ts";

/** Turns to the other camera of a phone, where there are two. */
export function TurnCameraButton({ devices }: { devices: Devices }) {
  const words = useWords();
  const { state, busy } = devices.camera.value;
  if (state !== "live" || !devices.canTurn) return null;
  return (
    <BarButton
      icon="turn" label={words.turnCamera} hint={devices.mirrored ? words.turnCameraAway : words.turnCameraBack} busy={busy}
      onClick={() => void devices.turnCamera()}
    />
  );
}
