// Before the door: how one looks and sounds, one field, one button.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { CameraButton, MicButton } from "../parts/bar-button.tsx";
import { useModule, useTrack } from "../parts/hooks.ts";
import { Icon } from "../parts/icons.tsx";
import { LanguageSwitch } from "../parts/language-switch.tsx";
import { Meter } from "../parts/meter.tsx";
import { usePage, useWords } from "../page.ts";
import { Avatar } from "../parts/avatar.tsx";
import type { Devices } from "../devices.ts";
import type { Session } from "../session.ts";
import { TurnCameraButton } from "../parts/turn-camera.tsx";
import { DeviceTroubles } from "../parts/trouble.tsx";
import { JoinForm } from "./join-form.tsx";

export function Lobby({ session }: { session: Session }) {
  const { recall } = usePage();
  const [name, setName] = useState(() => recall().name);
  useDevicesAsRemembered(session);

  return (
    <main class="lobby">
      <Preview session={session} name={name} />
      <div class="lobby-side">
        {session.state.value === "waiting"
          ? <Waiting session={session} /> : <JoinForm session={session} name={name} setName={setName} />}
        <MoreChoices session={session} />
      </div>
    </main>
  );
}

/** Switches on what was on the last time, from the devices that were chosen then. */
function useDevicesAsRemembered({ devices }: Session): void {
  const { recall } = usePage();
  useLayoutEffect(() => { // before anything says that the camera is off
    const { mic, camera, devices: chosen } = recall();
    devices.begin({ mic, camera, chosen });
  }, [devices]);
}

function Preview({ session: { devices }, name }: { session: Session; name: string }) {
  const { words, remember } = usePage();
  const camera = devices.camera.value;
  const video = useTrack(camera.track);
  return (
    <section class="preview" aria-label={words.preview}>
      <video ref={video} class={devices.mirrored ? "mirrored" : ""} muted playsInline hidden={!camera.track} />
      {!camera.track && (
        <div class="preview-empty">
          <Avatar name={name} />
          <p>{camera.busy ? words.previewStarting : words.previewOff}</p>
        </div>
      )}
      <div class="preview-notices"><DeviceTroubles devices={devices} /></div>
      {devices.mic.value.state === "live" && <div class="preview-level"><Icon name="mic" /><Meter devices={devices} /></div>}
      <div class="preview-bar">
        <MicButton devices={devices} onTurn={(mic) => remember({ mic })} />
        <CameraButton devices={devices} onTurn={(camera) => remember({ camera })} />
        <TurnCameraButton devices={devices} />
      </div>
    </section>
  );
}

/** Nothing to do but to wait until somebody opens the door. */
function Waiting({ session }: { session: Session }) {
  const words = useWords();
  const said = useRef<HTMLDivElement>(null);
  useEffect(() => said.current?.focus({ preventScroll: true }), []);
  return (
    <section class="join waiting" aria-label={session.roomName}>
      <p class="quiet">{session.roomName}</p>
      <div ref={said} role="status" tabIndex={-1}>
        <h1>{words.waiting}</h1>
        <p class="quiet">{words.waitingText}</p>
      </div>
      <p class="waiting-mark" aria-hidden="true"><i /><i /><i /></p>
      <button type="button" class="button wide" onClick={() => session.cancel()}>{words.cancel}</button>
    </section>
  );
}

function MoreChoices({ session: { devices } }: { session: Session }) {
  const words = useWords();
  const [asked, setAsked] = useState(false);
  return (
    <div class="lobby-more">
      <details onToggle={() => setAsked(true)}>
        <summary><Icon name="settings" />{words.devices}</summary>
        {asked && <DeviceChoice devices={devices} />}
      </details>
      <LanguageSwitch />
    </div>
  );
}

function DeviceChoice({ devices }: { devices: Devices }) {
  const words = useWords();
  const [lost, setLost] = useState(false);
  const module = useModule(() => import("../parts/device-choice.tsx"), () => setLost(true));
  if (lost) return <p role="alert">{words.trouble.unreachable}</p>;
  return module ? <module.DeviceChoice devices={devices} /> : null;
}
