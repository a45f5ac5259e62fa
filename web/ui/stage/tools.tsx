// What can be done with one picture, by buttons on it.

import { useId } from "preact/hooks";
import type { Messages } from "../../i18n/index.ts";
import { type Placed, keyOf } from "./arrange.ts";
import { turnFullScreen } from "./full-screen.ts";
import { ariaKeys, type Command } from "../keyboard/catalogue.ts";
import { Icon, type IconName } from "../parts/icons.tsx";
import type { Session } from "../session.ts";

export interface Tool {
  readonly icon: IconName;
  /** What it is for, with whose picture it is. */
  readonly label: string;
  /** Its state, and what a press does. */
  readonly hint: string;
  readonly on: boolean;
  /** Whose key presses it while its picture has the focus. */
  readonly command?: Command;
  press(): void;
}

/** The tools of a picture, the most needed first; `crowd`: there are others than this one. */
export function toolsOf(session: Session, words: Messages, { seat, place }: Placed, name: string, crowd: boolean): Tool[] {
  const { stage, conduct, devices, moderation } = session;
  const key = keyOf(seat);
  const { spotlight, may } = conduct.standing.value;
  const [pinned, alone, lit] = [stage.pinned.value === key, stage.only.value === key, spotlight !== undefined && keyOf(spotlight) === key];
  const tools: (Tool | false)[] = [
    !seat.me && crowd && {
      icon: "pin", command: "pin", label: words.pin(name), hint: pinned ? words.pinned : words.pinHint, on: pinned,
      press: () => (stage.pinned.value = pinned ? undefined : key),
    },
    seat.me && {
      icon: "eyeOff", label: words.hideSelf, hint: words.hideSelfHint, on: false,
      press: () => (stage.selfHidden.value = true),
    },
    seat.me && devices.canTurn && {
      icon: "turn", label: words.turnCamera, hint: devices.mirrored ? words.turnCameraAway : words.turnCameraBack, on: false,
      press: () => void devices.turnCamera(),
    },
    !seat.me && (alone || place === "main" || !crowd) && {
      icon: alone ? "shrink" : "grow", label: words.fullScreenOf(name), hint: alone ? words.fullScreenOn : words.fullScreenOff, on: alone,
      press: () => turnFullScreen(stage, alone ? undefined : key),
    },
    may.has("moderate") && crowd && {
      icon: "star", label: words.spotlight(name), hint: lit ? words.inSpotlight : words.spotlightHint, on: lit,
      press: () => void moderation?.spotlight(lit ? undefined : seat).catch(() => {}),
    },
  ];
  return tools.filter((tool): tool is Tool => tool !== false);
}

export function Tools({ tools }: { tools: readonly Tool[] }) {
  return <>{tools.map((tool) => <ToolButton key={tool.label} {...tool} />)}</>;
}

function ToolButton({ icon, label, hint, on, command, press }: Tool) {
  const tip = useId();
  return (
    <div class="tool">
      <button type="button" class="seat-button" aria-label={label} aria-describedby={tip} aria-keyshortcuts={command && ariaKeys(command)} aria-pressed={on} onClick={press}>
        <Icon name={icon} />
      </button>
      <span class="tip" role="tooltip" id={tip}>{hint}</span>
    </div>
  );
}
