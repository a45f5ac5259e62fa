// Round buttons with tooltips, and the two that stand before and in the room.

import type { ComponentChildren, Ref } from "preact";
import { useId } from "preact/hooks";
import type { Devices } from "../devices.ts";
import { useLevel } from "./hooks.ts";
import { Icon, type IconName } from "./icons.tsx";
import { useWords } from "../page.ts";

interface BarButtonProps {
  icon: IconName;
  /** The accessible name; it stays the same whatever the state. */
  label: string;
  /** The state and what a press does, in words: the tooltip. */
  hint: string;
  /** For switches: is it on. */
  pressed?: boolean;
  /** For buttons that open a panel: is it open. */
  expanded?: boolean;
  busy?: boolean;
  /** It cannot be pressed now; the hint says why. */
  disabled?: boolean;
  tone?: "danger" | "off" | "on";
  button?: Ref<HTMLButtonElement>;
  onClick: () => void;
  children?: ComponentChildren;
}

export function BarButton({ icon, label, hint, pressed, expanded, busy, disabled, tone, button, onClick, children }: BarButtonProps) {
  const tip = useId();
  return (
    <span class="bar-item">
      <button
        ref={button ?? null} type="button" class={`round bar-button ${tone ?? ""}`} aria-label={label} aria-describedby={tip}
        aria-pressed={pressed} aria-expanded={expanded} aria-busy={busy} aria-disabled={disabled}
        onClick={() => disabled || onClick()}
      >
        <Icon name={icon} />
        {children}
      </button>
      <span class="tip" role="tooltip" id={tip}>{hint}</span>
    </span>
  );
}

interface SwitchProps {
  devices: Devices;
  /** Called with what the user wants, beside the switching itself. */
  onTurn?: (on: boolean) => void;
  /** Why it may not be switched on, in words; it may always be switched off. */
  stopped?: string | undefined;
}

/** Mutes and unmutes; while on, its icon fills with how loud one is. */
export function MicButton({ devices, onTurn, stopped }: SwitchProps) {
  const words = useWords();
  const { state, busy } = devices.mic.value;
  const on = state === "live";
  const button = useLevel<HTMLButtonElement>(() => devices.level(), on);
  return (
    <BarButton
      button={button} icon={on ? "mic" : "micOff"} label={words.microphone}
      hint={on ? words.microphoneOn : stopped ?? words.microphoneOff} disabled={!on && stopped !== undefined} pressed={on} busy={busy} {...(on ? {} : { tone: "off" })}
      onClick={() => {
        onTurn?.(!on);
        void devices.setMic(!on);
      }}
    />
  );
}

export function CameraButton({ devices, onTurn, stopped }: SwitchProps) {
  const words = useWords();
  const { state, busy } = devices.camera.value;
  const on = state === "live";
  return (
    <BarButton
      icon={on ? "camera" : "cameraOff"} label={words.camera}
      hint={on ? words.cameraOn : stopped ?? words.cameraOff} disabled={!on && stopped !== undefined} pressed={on} busy={busy} {...(on ? {} : { tone: "off" })}
      onClick={() => {
        onTurn?.(!on);
        void devices.setCamera(!on);
      }}
    />
  );
}
