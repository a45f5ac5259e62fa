// The room: the stage, the bar, the panel, and what must be said.

import { useEffect } from "preact/hooks";
import { Announcer } from "./announcer.tsx";
import { keepAwake } from "./awake.ts";
import { Bar } from "./bar.tsx";
import { soundLikeACall } from "./call-audio.ts";
import { RoomKeys } from "../keyboard/room-keys.tsx";
import { useFocusHome, useModule } from "../parts/hooks.ts";
import { Notices } from "./notices.tsx";
import type { Session } from "../session.ts";
import { Stage } from "../stage/stage.tsx";

export function RoomView({ session }: { session: Session }) {
  const panel = session.panel.value;
  useEffect(() => keepAwake(), []);
  useEffect(() => soundLikeACall(() => void session.startAudio()), [session]);
  const chat = useModule(() => import("../chat/chat.tsx"), () => (session.panel.value = undefined)); // at once: it is soon needed
  const room = useFocusHome<HTMLElement>(".stage", !session.cameBack);
  return (
    <RoomKeys session={session}>
      <main class={`room ${panel ? "with-panel" : ""}`} ref={room}>
        <h1 class="heard-only room-name">{session.roomName}</h1>
        <Stage session={session} />
        <Notices session={session} />
        <Bar session={session} />
        {panel === "chat" && chat && <chat.ChatPanel session={session} />}
        {panel === "people" && <PeoplePanel session={session} />}
        {panel === "settings" && <SettingsPanel session={session} />}
        {panel === "statistics" && <StatisticsPanel session={session} />}
        <Announcer session={session} />
      </main>
    </RoomKeys>
  );
}

/** The statistics, whose code comes when they are first asked for. */
function StatisticsPanel({ session }: { session: Session }) {
  const module = useModule(() => import("../statistics/statistics-panel.tsx"), () => (session.panel.value = undefined));
  return module ? <module.StatisticsPanel session={session} /> : null;
}

/** The people, likewise. */
function PeoplePanel({ session }: { session: Session }) {
  const module = useModule(() => import("../people/people-panel.tsx"), () => (session.panel.value = undefined));
  return module ? <module.PeoplePanel session={session} /> : null;
}

/** The settings, likewise. */
function SettingsPanel({ session }: { session: Session }) {
  const module = useModule(() => import("./settings-panel.tsx"), () => (session.panel.value = undefined));
  return module ? <module.SettingsPanel session={session} /> : null;
}
