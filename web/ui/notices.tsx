// What must be said over the stage, the most urgent first.

import { usePage } from "./page.ts";
import type { Session } from "./session.ts";
import { DeviceTroubles } from "./trouble.tsx";

export function Notices({ session }: { session: Session }) {
  const { words } = usePage();
  const { devices } = session;
  return (
    <div class="notices">
      <DeviceTroubles devices={devices} />
      {session.audioBlocked.value && (
        <div class="notice" role="alert">
          <p>{words.soundBlocked}</p>
          <button type="button" class="button small primary" onClick={() => void session.startAudio()}>{words.startSound}</button>
        </div>
      )}
      {devices.screen.value.state === "live" && (
        <div class="notice">
          <p>{words.sharing}</p>
          <button type="button" class="button small" onClick={() => void devices.setScreen(false)}>{words.stopSharing}</button>
        </div>
      )}
    </div>
  );
}
