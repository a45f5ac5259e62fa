// The room: the stage, the bar, the panel, and what must be said.

import type { ComponentChildren } from "preact";
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
        {panel === "people" && (
          <LaterPanel key={panel} session={session} load={() => import("../people/people-panel.tsx")}>
            {({ PeoplePanel }) => <PeoplePanel session={session} />}
          </LaterPanel>
        )}
        {panel === "settings" && (
          <LaterPanel key={panel} session={session} load={() => import("./settings-panel.tsx")}>
            {({ SettingsPanel }) => <SettingsPanel session={session} />}
          </LaterPanel>
        )}
        {panel === "statistics" && (
          <LaterPanel key={panel} session={session} load={() => import("../statistics/statistics-panel.tsx")}>
            {({ StatisticsPanel }) => <StatisticsPanel session={session} />}
          </LaterPanel>
        )}
        <Announcer session={session} />
      </main>
    </RoomKeys>
  );
}

interface LaterPanelProps<M> {
  session: Session;
  load: () => Promise<M>;
  children: (module: M) => ComponentChildren;
}

/** A panel whose code comes when it is first asked for; it closes where that does not come. */
function LaterPanel<M>({ session, load, children }: LaterPanelProps<M>) {
  const module = useModule(load, () => (session.panel.value = undefined));
  return module ? <>{children(module)}</> : null;
}
