// What must be said over the stage, the most urgent first.

import { CheckLink } from "../check/check-link.tsx";
import { useLasting, useModule } from "../parts/hooks.ts";
import { usePage, useWords } from "../page.ts";
import type { Session } from "../session.ts";
import { DeviceTroubles } from "../parts/trouble.tsx";

export function Notices({ session }: { session: Session }) {
  const { words } = usePage();
  const { devices } = session;
  return (
    <div class="notices">
      <Reconnecting session={session} />
      <Calls session={session} />
      <DeviceTroubles devices={devices} />
      <Troubles session={session} />
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

/** What others did and ask. Without that code the room goes on. */
function Calls({ session }: { session: Session }) {
  const module = useModule(() => import("./calls.tsx"), () => {});
  return module ? <module.Calls session={session} /> : null;
}

/** What does not go well. Likewise. */
function Troubles({ session }: { session: Session }) {
  const module = useModule(() => import("../trouble/room-troubles.tsx"), () => {});
  return module ? <module.RoomTroubles session={session} /> : null;
}

/** What is over sooner, in milliseconds, nobody needs to know. */
const BLIP = 1000;
/** Who waits for so long wants to know why. */
const LONG = 10_000;

/** Shows that we look for a way back; the announcer says it once. */
function Reconnecting({ session }: { session: Session }) {
  const words = useWords();
  const away = session.state.value !== "in";
  const waits = session.state.value === "waiting";
  const [shown, long] = [useLasting(away, BLIP), useLasting(away, LONG)];
  const mediaFailed = session.refusal.value === "media_failed";
  return (
    <div class={shown ? "notice reconnecting-notice" : ""}>
      <p>{shown && (waits ? words.waiting : words.reconnecting)}</p>
      {long && !waits && <p class="quiet">{mediaFailed ? words.trouble.media_failed : words.stillReconnecting}</p>}
      {long && mediaFailed && <CheckLink apart />}
    </div>
  );
}
