// Before the door: how one looks and sounds, one field, one button.

import { useEffect, useRef, useState } from "preact/hooks";
import type { RoomInfo } from "../../sdk/index.ts";
import { CameraButton, MicButton } from "../parts/bar-button.tsx";
import { CheckLink, isOfTheWay } from "../check/check-link.tsx";
import { DeviceChoice } from "../parts/device-choice.tsx";
import { useSecondsUntil, useTrack } from "../parts/hooks.ts";
import { Icon } from "../parts/icons.tsx";
import { LanguageSwitch } from "../parts/language-switch.tsx";
import { usePage, useWords } from "../page.ts";
import { Avatar } from "../parts/avatar.tsx";
import type { Session } from "../session.ts";
import { TurnCameraButton } from "../parts/turn-camera.tsx";
import { DeviceTroubles, sayRefusal } from "../parts/trouble.tsx";
import { useWarmth } from "./use-warmth.ts";

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
  useEffect(() => {
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
      <div class="preview-bar">
        <MicButton devices={devices} onTurn={(mic) => remember({ mic })} />
        <CameraButton devices={devices} onTurn={(camera) => remember({ camera })} />
        <TurnCameraButton devices={devices} />
      </div>
    </section>
  );
}

/** Asks the server once what joining needs; undefined until it has answered. */
function useRoomInfo(room: string): RoomInfo | undefined {
  const { backend } = usePage();
  const [info, setInfo] = useState<RoomInfo>();
  useEffect(() => {
    let asked = true;
    backend.info(room).then(
      (answer) => asked && setInfo(answer),
      // Joining says what is wrong, and a password that is needed after all is asked for then.
      () => {},
    );
    return () => {
      asked = false;
    };
  }, [backend, room]);
  return info;
}

interface JoinFormProps {
  session: Session;
  name: string;
  setName: (name: string) => void;
}

function JoinForm({ session, name, setName }: JoinFormProps) {
  const { words, language, remember } = usePage();
  const info = useRoomInfo(session.roomName);
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<"name" | "password">();
  const nameInput = useRef<HTMLInputElement>(null);
  const refusal = session.refusal.value;
  const joining = session.joining.value;
  const invited = session.invitation.value !== undefined;
  const [hasPassword, setHasPassword] = useState(false);
  const asksPassword = !invited && (info?.password || hasPassword || (refusal === "unauthorized" && !info?.token));
  const needsInvitation = !invited && !hasPassword && info?.token;
  useWarmth(session, name, info !== undefined && !asksPassword && !needsInvitation);

  useEffect(() => {
    // Not on touch: the keyboard would cover the preview.
    if (matchMedia("(hover: hover)").matches) nameInput.current?.focus({ preventScroll: true });
  }, []);

  function join(event: Event) {
    event.preventDefault();
    if (joining) return;
    const trimmed = name.trim();
    const lacks = !trimmed ? "name" : asksPassword && !password ? "password" : undefined;
    setMissing(lacks);
    if (lacks) return;
    remember({ name: trimmed });
    void session.join(trimmed, password, language);
  }

  const trouble = missing === "name" ? words.nameMissing
    : missing === "password" ? words.passwordMissing
    : refusal && !(needsInvitation && refusal === "unauthorized") && sayRefusal(words, refusal);
  return (
    <form class="join" onSubmit={join} noValidate>
      <h1>{session.roomName}</h1>
      {invited && <p class="quiet door">{words.invited}</p>}
      {needsInvitation && <p class="door">{words.invitationMissing}</p>}
      <label class="field">
        <span>{words.name}</span>
        <input
          ref={nameInput} name="name" value={name} maxLength={64} autocomplete="name"
          aria-invalid={missing === "name"} aria-describedby="join-trouble"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      {asksPassword && (
        <label class="field">
          <span>{words.password}</span>
          <input
            type="password" name="password" value={password} autocomplete="current-password"
            aria-invalid={missing === "password" || refusal === "unauthorized"} aria-describedby="join-trouble"
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
      )}
      <p id="join-trouble" class="trouble" role="alert">{trouble}</p>
      {!missing && isOfTheWay(refusal) && <CheckLink apart />}
      <Queue session={session} />
      <button type="submit" class="button primary wide" aria-disabled={joining}>
        {joining ? words.joining : words.join}
      </button>
      {!asksPassword && !invited && (
        <button type="button" class="text-button quiet-link" onClick={() => setHasPassword(true)}>{words.havePassword}</button>
      )}
    </form>
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

/** The wait for a server that is busy. Only that it is busy is read out, not each second. */
function Queue({ session }: { session: Session }) {
  const words = useWords();
  const until = session.queued.value;
  const seconds = useSecondsUntil(until);
  return (
    <div class="notice queue" hidden={until === undefined}>
      <div>
        <p role="status">{until !== undefined && words.serverBusy}</p>
        <p class="quiet" role="timer">{words.tryingAgainIn(seconds)}</p>
      </div>
      <button type="button" class="button small" onClick={() => session.cancel()}>{words.cancel}</button>
    </div>
  );
}

function MoreChoices({ session: { devices } }: { session: Session }) {
  const words = useWords();
  return (
    <div class="lobby-more">
      <details>
        <summary><Icon name="settings" />{words.devices}</summary>
        <DeviceChoice devices={devices} />
      </details>
      <LanguageSwitch />
    </div>
  );
}
