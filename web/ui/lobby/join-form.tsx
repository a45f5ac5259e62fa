// Who one is, what the room asks, and the button that leads in.

import { useEffect, useRef, useState } from "preact/hooks";
import type { RoomInfo } from "../../sdk/index.ts";
import { CheckLink, isOfTheWay } from "../check/check-link.tsx";
import { useSecondsUntil } from "../parts/hooks.ts";
import { Icon } from "../parts/icons.tsx";
import { sayRefusal } from "../parts/trouble.tsx";
import { usePage, useWords } from "../page.ts";
import type { Session } from "../session.ts";
import { NetworkCheck } from "./network-check.tsx";
import { useWarmth } from "./use-warmth.ts";

interface JoinFormProps {
  session: Session;
  name: string;
  setName: (name: string) => void;
}

export function JoinForm({ session, name, setName }: JoinFormProps) {
  const { words, language, remember } = usePage();
  const door = useDoor(session);
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<"name" | "password">();
  const nameInput = useRef<HTMLInputElement>(null);
  const refusal = session.refusal.value;
  const joining = session.joining.value;
  const warm = useWarmth(session, name, door.open);

  useEffect(() => {
    // Not on touch: the keyboard would cover the preview.
    if (door.settled && matchMedia("(hover: hover)").matches) nameInput.current?.focus({ preventScroll: true });
  }, [door.settled]);

  /** What was missing is being written. */
  const written = (set: (value: string) => void) => (value: string) => {
    setMissing(undefined);
    set(value);
  };

  function join(event: Event) {
    event.preventDefault();
    if (joining) return;
    const trimmed = name.trim();
    const lacks = !trimmed ? "name" : door.needsPassword && !password ? "password" : undefined;
    setMissing(lacks);
    if (lacks) return;
    remember({ name: trimmed });
    void session.join(trimmed, password, language);
  }

  return (
    <form class={`join ${door.settled ? "" : "unsettled"}`} onSubmit={join} noValidate>
      <h1>{session.roomName}</h1>
      {door.invited && <p class="quiet door">{words.invited}</p>}
      {door.needsInvitation && <p class="door">{words.invitationMissing}</p>}
      <label class="field">
        <span>{words.name}</span>
        <input ref={nameInput} name="name" maxLength={64} autocomplete="name" {...filled(name, written(setName), missing === "name")} />
      </label>
      {door.asksPassword && (
        <label class="field">
          <span>{words.password}</span>
          <input
            type="password" name="password" autocomplete="current-password"
            {...filled(password, written(setPassword), missing === "password" || refusal === "unauthorized")}
          />
        </label>
      )}
      <p id={TROUBLE} class="trouble" role="alert">
        {missing === "name" ? words.nameMissing : missing === "password" ? words.passwordMissing
          : refusal && !(door.needsInvitation && refusal === "unauthorized") && sayRefusal(words, refusal)}
      </p>
      {!missing && isOfTheWay(refusal) && <CheckLink apart />}
      <Queue session={session} />
      <button type="submit" class="button primary wide" aria-disabled={joining}>{joining ? words.joining : words.join}</button>
      {!door.asksPassword && !door.invited && (
        <button type="button" class="text-button quiet-link" onClick={door.offerPassword}>{words.havePassword}</button>
      )}
      <div class="readinesses">
        <JoinsWith session={session} />
        <NetworkCheck session={session} warm={warm} />
      </div>
    </form>
  );
}

const TROUBLE = "join-trouble";

/** What every field has; `wrong`: the trouble is about it. */
function filled(value: string, set: (value: string) => void, wrong: boolean) {
  const onInput = (event: { currentTarget: HTMLInputElement }) => set(event.currentTarget.value);
  return { value, onInput, "aria-invalid": wrong, "aria-describedby": TROUBLE };
}

/** The form waits for so long, in milliseconds, for what the room asks, so that nothing moves when it is known. */
const PATIENCE = 1000;

/** What the room asks of who comes in. `settled`: it has answered, or is not waited for; `open`: it asks for nothing more than a name. */
function useDoor(session: Session) {
  const { backend } = usePage();
  const [info, setInfo] = useState<RoomInfo>();
  const [settled, setSettled] = useState(false);
  const [hasPassword, setHasPassword] = useState(false);
  useEffect(() => {
    let asked = true;
    const settle = () => asked && setSettled(true);
    const timer = setTimeout(settle, PATIENCE);
    backend.info(session.roomName).then((answer) => asked && setInfo(answer))
      .catch(() => {}) // joining says what is wrong, and a password that is needed after all is asked for then
      .finally(settle);
    return () => {
      asked = false;
      clearTimeout(timer);
    };
  }, [backend, session]);
  const invited = session.invitation.value !== undefined;
  const needsPassword = !invited && (info?.password || (session.refusal.value === "unauthorized" && !info?.token));
  const asksPassword = needsPassword || (!invited && hasPassword); // which the owners of a room have
  const needsInvitation = !invited && !hasPassword && info?.token;
  return {
    settled, invited, asksPassword, needsPassword, needsInvitation,
    open: info !== undefined && !asksPassword && !needsInvitation,
    offerPassword: () => setHasPassword(true),
  };
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

/** What the others will hear and see at first. */
function JoinsWith({ session: { devices } }: { session: Session }) {
  const { ready } = useWords();
  const [mic, camera] = [devices.mic.value, devices.camera.value].map(({ state, busy }) => state === "live" || busy);
  const what = mic && camera ? "both" : mic ? "mic" : camera ? "camera" : "nothing";
  return <div class="readiness"><Icon name={mic ? "mic" : "micOff"} /><p>{ready.joinsWith[what]}</p></div>;
}
