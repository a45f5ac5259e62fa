// The bar: what one does in a room.

import { useEffect, useRef, useState } from "preact/hooks";
import { BarButton, CameraButton, MicButton } from "./bar-button.tsx";
import { useIdle } from "./hooks.ts";
import { useWords } from "./page.ts";
import type { Panel, Session } from "./session.ts";
import { copy, inviteLink } from "./invite.ts";

export function Bar({ session }: { session: Session }) {
  const words = useWords();
  const idle = useIdle();
  const { devices } = session;
  return (
    <div class={`bar ${idle ? "idle" : ""}`} role="toolbar" aria-label={words.controls}>
      <MicButton devices={devices} />
      <CameraButton devices={devices} />
      {devices.canShareScreen && <ShareButton session={session} />}
      <span class="bar-gap" />
      <ChatButton session={session} />
      <InviteButton room={session.roomName} />
      <BarButton
        icon="settings" label={words.settings} hint={words.settingsHint} expanded={session.panel.value === "settings"}
        onClick={() => toggle(session, "settings")}
      />
      <span class="bar-gap" />
      <BarButton icon="leave" label={words.leave} hint={words.leaveHint} tone="danger" onClick={() => session.leave()} />
    </div>
  );
}

function toggle({ panel }: Session, what: Panel): void {
  panel.value = panel.value === what ? undefined : what;
}

function ShareButton({ session: { devices } }: { session: Session }) {
  const words = useWords();
  const { state, busy } = devices.screen.value;
  const on = state === "live";
  return (
    <BarButton
      icon="screen" label={words.shareScreen} hint={on ? words.sharingOn : words.sharingOff}
      pressed={on} busy={busy} {...(on ? { tone: "on" } : {})} onClick={() => void devices.setScreen(!on)}
    />
  );
}

function ChatButton({ session }: { session: Session }) {
  const words = useWords();
  const button = useRef<HTMLButtonElement>(null);
  const open = session.panel.value === "chat";
  const unread = session.unread.value;
  const wasOpen = useRef(false);
  useEffect(() => {
    // Focus was in the panel that has just gone.
    if (wasOpen.current && !open && document.activeElement === document.body) button.current?.focus();
    wasOpen.current = open;
  }, [open]);
  return (
    <BarButton
      button={button} icon="chat" label={words.chat} hint={unread > 0 ? words.unread(unread) : words.chatHint}
      expanded={open} onClick={() => toggle(session, "chat")}
    >
      {unread > 0 && <span class="badge">{unread > 99 ? "99+" : unread}</span>}
    </BarButton>
  );
}

const SAID_FOR = 3000; // milliseconds

function InviteButton({ room }: { room: string }) {
  const words = useWords();
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(""), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <>
      <BarButton
        icon={said ? "check" : "link"} label={words.invite} hint={words.inviteHint}
        onClick={() => void copy(inviteLink(room)).then((copied) => setSaid(copied ? words.copied : words.copyFailed(inviteLink(room))))}
      />
      <span class={`toast ${said ? "" : "empty"}`} role="status">{said}</span>
    </>
  );
}
