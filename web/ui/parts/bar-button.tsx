// Round buttons with tooltips, and the two that stand before and in the room.

import type { ComponentChildren, Ref } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { Devices } from "../devices.ts";
import { ariaKeys, type Command, printedOn } from "../keyboard/catalogue.ts";
import { useCommand, useKeyboard } from "../keyboard/use-keyboard.ts";
import { useLevel } from "./hooks.ts";
import { Icon, type IconName } from "./icons.tsx";
import { usePage, useWords } from "../page.ts";

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
  /** In a room its key does what a click does. */
  command?: Command;
  button?: Ref<HTMLButtonElement>;
  onClick: () => void;
  children?: ComponentChildren;
}

export function BarButton({ icon, label, hint, pressed, expanded, busy, disabled, tone, command, button, onClick, children }: BarButtonProps) {
  const tip = useId();
  const key = useKey(command, hint, pressed, disabled ? undefined : onClick);
  return (
    <span class="bar-item">
      <button
        ref={button ?? null} type="button" class={`round bar-button ${tone ?? ""}`} aria-label={label} aria-describedby={tip}
        aria-keyshortcuts={key && ariaKeys(key)} aria-pressed={pressed} aria-expanded={expanded} aria-busy={busy} aria-disabled={disabled}
        onClick={() => disabled || onClick()}
      >
        <Icon name={icon} />
        {children}
      </button>
      <span class="tip" role="tooltip" id={tip}>{hint}{key && <kbd aria-hidden="true">{printedOn(key)}</kbd>}</span>
    </span>
  );
}

/**
 * Has the key of a command press a button, and what came of it said aloud, or
 * the hint why nothing did. Returns the command where its key does so now.
 */
function useKey(command: Command | undefined, hint: string, pressed: boolean | undefined, press: (() => void) | undefined): Command | undefined {
  const { recall } = usePage();
  const keyboard = useKeyboard();
  const byKey = useRef(false);
  useCommand(command, () => {
    if (!press) return keyboard?.say(hint);
    byKey.current = true;
    press();
  });
  useEffect(() => {
    if (byKey.current && pressed !== undefined) keyboard?.say(hint);
    byKey.current = false;
  }, [pressed]);
  return keyboard && recall().shortcuts ? command : undefined;
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
  useTalk(devices, on || stopped !== undefined);
  return (
    <BarButton
      command="mic" button={button} icon={on ? "mic" : "micOff"} label={words.microphone}
      hint={on ? words.microphoneOn : stopped ?? words.microphoneOff} disabled={!on && stopped !== undefined} pressed={on} busy={busy} {...(on ? {} : { tone: "off" })}
      onClick={() => {
        onTurn?.(!on);
        void devices.setMic(!on);
      }}
    />
  );
}

/** Speaks while a key is held. Not where the microphone is on, or may not be. */
function useTalk(devices: Devices, idle: boolean): void {
  const talks = useRef(false);
  const turn = (on: boolean) => {
    talks.current = on;
    void devices.setMic(on);
  };
  useCommand("talk", {
    press: () => idle || turn(true),
    release: () => talks.current && turn(false),
  });
}

export function CameraButton({ devices, onTurn, stopped }: SwitchProps) {
  const words = useWords();
  const { state, busy } = devices.camera.value;
  const on = state === "live";
  return (
    <BarButton
      command="camera" icon={on ? "camera" : "cameraOff"} label={words.camera}
      hint={on ? words.cameraOn : stopped ?? words.cameraOff} disabled={!on && stopped !== undefined} pressed={on} busy={busy} {...(on ? {} : { tone: "off" })}
      onClick={() => {
        onTurn?.(!on);
        void devices.setCamera(!on);
      }}
    />
  );
}
