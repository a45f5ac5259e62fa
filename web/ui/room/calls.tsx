// What others did to us, or ask of us: said calmly over the stage. What needs no
// answer is read out by the announcer; see news.ts.

import type { ConductMessages } from "../../i18n/index.ts";
import type { MemberId, SourceKind } from "../../sdk/index.ts";
import { useWords } from "../page.ts";
import type { Session } from "../session.ts";
import { NewMessage } from "./new-message.tsx";
import { Passing } from "./passing.tsx";

export function Calls({ session }: { session: Session }) {
  return (
    <>
      <AskedToUnmute session={session} />
      <MutedByAnother session={session} />
      <NewRole session={session} />
      <AccessEnds session={session} />
      <SomebodyWaits session={session} />
      <NewMessage session={session} />
    </>
  );
}

/** A request, which only the person decides on. */
function AskedToUnmute({ session }: { session: Session }) {
  const said = useSaid();
  const { conduct, devices } = session;
  const asked = conduct.asked.value;
  const name = useName(session, asked?.by);
  if (!asked) return null;
  const answer = () => (conduct.asked.value = undefined);
  return (
    <div class="notice asked" role="alert">
      <p>{said.askedBy[asked.source](name)}</p>
      <button
        type="button" class="button small primary"
        onClick={() => {
          answer();
          turnOn(devices, asked.source);
        }}
      >{said.doAsked[asked.source]}</button>
      <button type="button" class="button small" onClick={answer}>{said.notNow}</button>
    </div>
  );
}

function turnOn(devices: Session["devices"], source: SourceKind): void {
  if (source === "mic") void devices.setMic(true);
  else if (source === "camera") void devices.setCamera(true);
  else void devices.setScreen(true);
}

function MutedByAnother({ session }: { session: Session }) {
  const said = useSaid();
  const muted = session.conduct.muted.value;
  const name = useName(session, muted?.by);
  if (!muted) return null;
  return (
    <Passing key={muted} close={() => (session.conduct.muted.value = undefined)}>
      {said.mutedBy[muted.source](name)} {muted.hold && muted.source === "mic" && said.heldToo}
    </Passing>
  );
}

function NewRole({ session }: { session: Session }) {
  const said = useSaid();
  const role = session.conduct.newRole.value;
  if (!role) return null;
  return <Passing key={role} close={() => (session.conduct.newRole.value = undefined)}>{said.nowRole[role]}</Passing>;
}

function AccessEnds({ session }: { session: Session }) {
  const said = useSaid();
  return session.conduct.expiring.value ? <div class="notice"><p>{said.accessEnds}</p></div> : null;
}

/** Somebody is at the door; the people panel says the same to whom it is open. */
function SomebodyWaits({ session }: { session: Session }) {
  const said = useSaid();
  const { waiting } = session.conduct.standing.value;
  const [first] = waiting;
  if (!first || session.panel.value === "people") return null;
  return (
    <div class="notice">
      <p>{said.waitToComeIn(first.name, waiting.length - 1)}</p>
      <button type="button" class="button small primary" onClick={() => void session.moderation?.admit().catch(() => {})}>
        {waiting.length > 1 ? said.letAllIn : said.letIn}
      </button>
      <button type="button" class="button small" onClick={() => (session.panel.value = "people")}>{said.showThem}</button>
    </div>
  );
}

function useName({ members }: Session, id: MemberId | undefined): string {
  const said = useSaid();
  return members.value.find((member) => member.id === id)?.name ?? said.someone;
}

/** The words of what people do to each other. */
function useSaid(): ConductMessages {
  return useWords().conduct;
}
