// Icons, drawn on a grid of 24 with one pen.

import type { ComponentChildren } from "preact";

export type IconName = keyof typeof drawings;

/** An icon; what it means is said by the words beside or behind it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}

const micBody = <rect x="9" y="3" width="6" height="11" rx="3" />;
// Filled from below by --level; see controls.css.
const micLevel = <rect class="icon-level" x="9" y="3" width="6" height="11" rx="3" />;
const micStand = <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />;
const cameraBody = <path d="M5 6.5h8.5a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Zm10.5 4.2L21 7.8v8.4l-5.5-2.9" />;
const slash = <path d="m4 3.5 16.5 17" />;

const drawings = {
  mic: <>{micLevel}{micBody}{micStand}</>,
  micOff: <>{micBody}{micStand}{cut(slash)}</>,
  camera: cameraBody,
  cameraOff: <>{cameraBody}{cut(slash)}</>,
  screen: <path d="M4.5 4.5h15A1.5 1.5 0 0 1 21 6v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15V6a1.5 1.5 0 0 1 1.5-1.5ZM8.5 20h7M12 13.2V8m-2.4 2.2L12 7.8l2.4 2.4" />,
  chat: <path d="M5.5 4.5h13a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H12l-4.5 3.7v-3.7h-2a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2Z" />,
  link: <path d="M10 13.8a4 4 0 0 0 5.7.1l3-3a4 4 0 0 0-5.7-5.7l-1 1m2 4a4 4 0 0 0-5.7-.1l-3 3a4 4 0 0 0 5.7 5.7l1-1" />,
  settings: <path d="M4 7h8m6 0h2M4 17h2m6 0h8M15 4.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM9 14.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z" />,
  leave: <path d="M14 4.5h3.5a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H14M4.5 12h10m-3.7-3.8 3.8 3.8-3.8 3.8" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  send: <path d="M5 12h13m-5.5-5.5L18.2 12l-5.7 5.5" />,
  down: <path d="M12 5v13m-5.5-5.5L12 18.2l5.5-5.7" />,
  bars: <path d="M5 19v-5M12 19V9M19 19V5" />,
  paused: <path d="M9 6.5v11M15 6.5v11" />,
  pin: <path d="M9 4h6l-.8 6.2 3.3 3.3v1.5h-11v-1.5l3.3-3.3ZM12 15v5.5" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  minus: <path d="M7 12h10" />,
  dots: <path d="M6 12h.01M12 12h.01M18 12h.01" />,
} satisfies Record<string, ComponentChildren>;

/** A stroke with air around it, so that it reads as a cut. */
function cut(stroke: ComponentChildren) {
  return <><g class="icon-air">{stroke}</g>{stroke}</>;
}
