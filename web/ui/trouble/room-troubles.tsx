// What does not go well while one is in the room: told calmly over the stage, with
// what to do next. Its code is loaded with the room.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { CheckLink } from "../check/check-link.tsx";
import { usePage, useWords } from "../page.ts";
import { useLasting } from "../parts/hooks.ts";
import { Icon } from "../parts/icons.tsx";
import type { Session } from "../session.ts";
import { SoundOnlyNotice } from "./sound-only-notice.tsx";
import { useDetour } from "./use-detour.ts";
import { useHearing } from "./use-hearing.ts";
import { useStopped } from "./use-stopped.ts";

export function RoomTroubles({ session }: { session: Session }) {
  const { mic, camera } = session.devices;
  const [ear, eye] = [mic.value.track, camera.value.track];
  return (
    <>
      {ear && <MicrophoneTrouble key={ear.id} session={session} track={ear} />}
      {eye && <CameraTrouble key={eye.id} session={session} track={eye} />}
      <SlowWay session={session} />
      <SoundOnlyNotice session={session} />
    </>
  );
}

interface TrackProps {
  session: Session;
  track: MediaStreamTrack;
}

/** Somebody talks while muted, or is not and gives no sound. */
function MicrophoneTrouble({ session, track }: TrackProps) {
  const words = useWords();
  const { devices, conduct, self } = session;
  const heard = useHearing(devices);
  const withheld = useLasting(useStopped(track), STANDS) && devices.mic.value.state === "live";
  const held = self.value?.held.includes("mic") || !conduct.may("mic");
  if (heard === "talking") {
    return (
      <Notice key="talking" say={held ? words.heldMuted : words.care.mutedTalking}>
        {!held && <button type="button" class="button small primary" onClick={() => void devices.setMic(true)}>{words.conduct.doAsked.mic}</button>}
      </Notice>
    );
  }
  if (heard !== "silent" && !withheld) return null;
  return (
    <Notice key="silent" say={<><b>{words.microphoneTrouble}</b> {words.care.noSound}</>}>
      <button type="button" class="button small" onClick={() => (session.panel.value = "settings")}>{words.care.chooseOther}</button>
    </Notice>
  );
}

/** A picture that stands for so long, in milliseconds, is not just late. */
const STANDS = 3000;

/** The camera is on and gives no picture. */
function CameraTrouble({ session: { devices }, track }: TrackProps) {
  const words = useWords();
  const dead = useLasting(useStopped(track), STANDS);
  if (!dead) return null;
  const again = () => void devices.setCamera(false).then(() => devices.setCamera(true));
  return (
    <Notice say={<><b>{words.cameraTrouble}</b> {words.care.noPicture}</>}>
      <button type="button" class="button small" onClick={again}>{words.tryAgain}</button>
    </Notice>
  );
}

/** Sound and pictures take a way that is not the best. */
function SlowWay({ session }: { session: Session }) {
  const words = useWords();
  return useDetour(session) ? <Notice say={words.care.slowWay}><CheckLink apart /></Notice> : null;
}

interface NoticeProps {
  say: ComponentChildren;
  /** What one may do about it. */
  children: ComponentChildren;
}

/** Something said that can be waved away, until it comes up anew. */
function Notice({ say, children }: NoticeProps) {
  const { words } = usePage();
  const [waved, wave] = useState(false);
  if (waved) return null;
  return (
    <div class="notice" role="status">
      <p>{say}</p>
      {children}
      <button type="button" class="round quiet-button" aria-label={words.dismiss} onClick={() => wave(true)}><Icon name="close" /></button>
    </div>
  );
}
