// The bar: what one does in a room.

import { useLayoutEffect, useRef } from "preact/hooks";
import { BarButton, CameraButton, MicButton } from "../parts/bar-button.tsx";
import { HandButton, ReactionsButton } from "./expression.tsx";
import { goAlong } from "../keyboard/along.ts";
import type { Command } from "../keyboard/catalogue.ts";
import { useIdle } from "../parts/hooks.ts";
import type { IconName } from "../parts/icons.tsx";
import { useWords } from "../page.ts";
import type { Panel, Session } from "../session.ts";

export function Bar({ session }: { session: Session }) {
  const words = useWords();
  const idle = useIdle();
  const { devices } = session;
  const unread = session.unread.value;
  const { waiting } = session.conduct.standing.value;
  return (
    <div class={`bar ${idle ? "idle" : ""}`} role="toolbar" aria-label={words.controls} onKeyDown={goAlong}>
      <MicButton devices={devices} stopped={useStop(session, "mic")} />
      <CameraButton devices={devices} stopped={useStop(session, "camera")} />
      {devices.canShareScreen && <ShareButton session={session} />}
      <span class="bar-gap" />
      <HandButton session={session} />
      <ReactionsButton session={session} />
      <PanelButton
        session={session} command="chat" panel="chat" icon="chat" label={words.chat}
        hint={unread > 0 ? words.unread(unread) : words.chatHint} count={unread}
      />
      <PanelButton
        session={session} command="people" panel="people" icon="people" label={words.members}
        hint={words.membersHint} count={waiting.length}
      />
      <PanelButton session={session} panel="settings" icon="settings" label={words.settings} hint={words.settingsHint} />
      <span class="bar-gap" />
      <BarButton icon="leave" label={words.leave} hint={words.leaveHint} tone="danger" onClick={() => session.leave()} />
    </div>
  );
}

/** Why a source of ours may not be switched on, in words; undefined where it may. */
export function useStop(session: Session, kind: "mic" | "camera" | "screen"): string | undefined {
  const words = useWords();
  if (session.state.value === "in" && !session.conduct.may(kind)) return words.youAreGuest;
  if (!session.self.value?.held.includes(kind)) return undefined;
  return { mic: words.heldMuted, camera: words.heldOff, screen: words.heldScreen }[kind];
}

function ShareButton({ session }: { session: Session }) {
  const words = useWords();
  const { devices } = session;
  const stopped = useStop(session, "screen");
  const { state, busy } = devices.screen.value;
  const on = state === "live";
  return (
    <BarButton
      command="share" icon="screen" label={words.shareScreen} hint={stopped ?? (on ? words.sharingOn : words.sharingOff)} disabled={stopped !== undefined}
      pressed={on} busy={busy} {...(on ? { tone: "on" } : {})} onClick={() => void devices.setScreen(!on)}
    />
  );
}

interface PanelButtonProps {
  session: Session;
  command?: Command;
  panel: Exclude<Panel, undefined>;
  icon: IconName;
  label: string;
  hint: string;
  /** How much is new there. */
  count?: number;
}

/** Opens and closes a panel, and has the focus back when that goes. */
function PanelButton({ session, command, panel, icon, label, hint, count = 0 }: PanelButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const { value } = session.panel;
  const open = value === panel || (panel === "settings" && value === "statistics"); // which lie behind the settings
  const wasOpen = useRef(false);
  useLayoutEffect(() => {
    // Focus was in the panel that has just gone.
    if (wasOpen.current && !open && document.activeElement === document.body) button.current?.focus();
    wasOpen.current = open;
  }, [open]);
  return (
    <BarButton
      {...(command && { command })} button={button} icon={icon} label={label} hint={hint} expanded={open}
      onClick={() => (session.panel.value = open ? undefined : panel)}
    >
      {count > 0 && <span class="badge">{count > 99 ? "99+" : count}</span>}
    </BarButton>
  );
}
