// What does not go well while one is in the room: told calmly over the stage, with
// what to do next. Its code is loaded with the room.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { CheckLink } from "../check/check-link.tsx";
import { printedOn } from "../keyboard/catalogue.ts";
import { usePage, useWords } from "../page.ts";
import { useLasting } from "../parts/hooks.ts";
import { Icon } from "../parts/icons.tsx";
import type { Session } from "../session.ts";
import { SoundOnlyNotice } from "./sound-only-notice.tsx";
import { useDetour } from "./use-detour.ts";
import { useHearing } from "./use-hearing.ts";
import { useTold } from "./use-told.ts";

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
  const { heard, leaveInPeace } = useHearing(devices);
  const withheld = useLasting(track.muted, STANDS) && devices.mic.value.state === "live";
  const key = useKeyOfMic();
  const held = self.value?.held.includes("mic") || !conduct.may("mic");
  if (heard === "talking" && conduct.asked.value?.source === "mic") return null; // whose notice has the same button
  if (heard === "talking") {
    return (
      <Notice key="talking" session={session} text={held ? words.heldMuted : words.care.mutedTalking(key)} onWave={leaveInPeace}>
        {!held && <button type="button" class="button small primary" onClick={() => void devices.setMic(true)}>{words.conduct.doAsked.mic}</button>}
      </Notice>
    );
  }
  if (heard !== "silent" && !withheld) return null;
  return (
    <Notice key="silent" session={session} about={words.microphoneTrouble} text={words.care.noSound}>
      <button type="button" class="button small" onClick={() => (session.panel.value = "settings")}>{words.care.chooseOther}</button>
    </Notice>
  );
}

/** What is printed on the key that unmutes, for those who have one and want it. */
function useKeyOfMic(): string | undefined {
  const { recall } = usePage();
  return recall().shortcuts && matchMedia("(hover: hover)").matches ? printedOn("mic") : undefined;
}

/** A picture that stands for so long, in milliseconds, is not just late. */
const STANDS = 3000;

/** The camera is on and gives no picture. */
function CameraTrouble({ session, track }: TrackProps) {
  const words = useWords();
  const { devices } = session;
  const dead = useLasting(track.muted, STANDS);
  if (!dead) return null;
  const again = () => void devices.setCamera(false).then(() => devices.setCamera(true));
  return (
    <Notice session={session} about={words.cameraTrouble} text={words.care.noPicture}>
      <button type="button" class="button small" onClick={again}>{words.tryAgain}</button>
    </Notice>
  );
}

/** Sound and pictures take a way that is not the best. */
function SlowWay({ session }: { session: Session }) {
  const words = useWords();
  return useDetour(session) ? <Notice session={session} text={words.care.slowWay}><CheckLink apart /></Notice> : null;
}

interface NoticeProps {
  session: Session;
  /** What it is about, if that must be said. */
  about?: string;
  text: string;
  /** What one may do about it. */
  children: ComponentChildren;
  onWave?: () => void;
}

/** Something said that can be waved away, until it comes up anew. */
function Notice({ session, about, text, children, onWave }: NoticeProps) {
  const words = useWords();
  const [waved, wave] = useState(false);
  useTold(session, about === undefined ? text : `${about}: ${text}`);
  if (waved) return null;
  const close = () => {
    wave(true);
    onWave?.();
  };
  return (
    <div class="notice">
      <p>{about !== undefined && <b>{about} </b>}{text}</p>
      {children}
      <button type="button" class="round quiet-button" aria-label={words.dismiss} onClick={close}><Icon name="close" /></button>
    </div>
  );
}
