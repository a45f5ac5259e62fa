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
  qr: <path d="M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h2m4 0v2.5m-6 0v3.5m3-3h1.5m1.5 3h-3" />,
  share: <path d="M12 14.5V4m-3.5 3L12 3.5 15.5 7M7 10.5H6a1.5 1.5 0 0 0-1.5 1.5v6.5A1.5 1.5 0 0 0 6 20h12a1.5 1.5 0 0 0 1.5-1.5V12a1.5 1.5 0 0 0-1.5-1.5h-1" />,
  settings: <path d="M4 7h8m6 0h2M4 17h2m6 0h8M15 4.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM9 14.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z" />,
  leave: <path d="M10 4.5H6.5a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2H10M9.5 12h10m-3.8-3.8 3.8 3.8-3.8 3.8" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  send: <path d="M5 12h13m-5.5-5.5L18.2 12l-5.7 5.5" />,
  down: <path d="M12 5v13m-5.5-5.5L12 18.2l5.5-5.7" />,
  back: <path d="m14.5 6-6 6 6 6" />,
  forward: <path d="m9.5 6 6 6-6 6" />,
  bars: <path d="M5 19v-5M12 19V9M19 19V5" />,
  paused: <path d="M9 6.5v11M15 6.5v11" />,
  pin: <path d="M9 4h6l-.8 6.2 3.3 3.3v1.5h-11v-1.5l3.3-3.3ZM12 15v5.5" />,
  star: <path d="m12 4 2.4 5 5.6.8-4 3.9.9 5.5-4.9-2.6-4.9 2.6.9-5.5-4-3.9 5.6-.8Z" />,
  grow: <path d="M9 4.5H4.5V9M15 4.5h4.5V9M9 19.5H4.5V15M15 19.5h4.5V15" />,
  shrink: <path d="M4.5 9H9V4.5M19.5 9H15V4.5M4.5 15H9v4.5M19.5 15H15v4.5" />,
  eye: <path d="M3 12c2.2-4 5.3-6 9-6s6.8 2 9 6c-2.2 4-5.3 6-9 6s-6.8-2-9-6ZM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z" />,
  eyeOff: <><path d="M3 12c2.2-4 5.3-6 9-6s6.8 2 9 6c-2.2 4-5.3 6-9 6s-6.8-2-9-6ZM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z" />{cut(slash)}</>,
  above: <path d="M11 18.5H5A1.5 1.5 0 0 1 3.5 17V7A1.5 1.5 0 0 1 5 5.5h14A1.5 1.5 0 0 1 20.5 7v4M13.5 14h7v5.5h-7Z" />,
  alike: <path d="M5 5h5.5v5.5H5ZM13.5 5H19v5.5h-5.5ZM5 13.5h5.5V19H5ZM13.5 13.5H19V19h-5.5Z" />,
  oneLarge: <path d="M4.5 5h15v9h-15ZM4.5 17h4v2.5h-4ZM10 17h4v2.5h-4ZM15.5 17h4v2.5h-4Z" />,
  hand: <path d="M7.5 12.5V6.3a1.4 1.4 0 0 1 2.8 0v4.5V4.6a1.4 1.4 0 0 1 2.8 0v6.2V5.6a1.4 1.4 0 0 1 2.8 0v6.2V8.4a1.4 1.4 0 0 1 2.8 0v6c0 4-2.5 6.6-6 6.6-2.8 0-4.5-1.2-5.8-3.5l-2.3-4c-.7-1.3.9-2.5 1.9-1.4z" />,
  smile: <path d="M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM8.5 14c.8 1.4 2 2.1 3.5 2.1s2.7-.7 3.5-2.1M9 9.7h.01M15 9.7h.01" />,
  people: <path d="M9 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM2.8 19.5c.4-3.4 2.8-5.3 6.2-5.3s5.8 1.9 6.2 5.3M16 5a3.2 3.2 0 0 1 0 6.2M18 14.6c1.9.7 3 2.3 3.3 4.9" />,
  keyboard: <path d="M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8.5 14.2h7" />,
  lock: <path d="M7 10.5h10a1.5 1.5 0 0 1 1.5 1.5v6.5a1.5 1.5 0 0 1-1.5 1.5h-10a1.5 1.5 0 0 1-1.5-1.5v-6.5a1.5 1.5 0 0 1 1.5-1.5ZM8.5 10.5v-3a3.5 3.5 0 0 1 7 0v3" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  minus: <path d="M7 12h10" />,
  reply: <path d="M9.5 6.5 4.5 11.5l5 5M5 11.5h8.5a6 6 0 0 1 6 6" />,
  copy: <path d="M10.5 8.5h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2ZM5 15.5a1 1 0 0 1-.5-1v-8a2 2 0 0 1 2-2h8a1 1 0 0 1 1 .5" />,
  bin: <path d="M5 7h14M9.5 7V4.5h5V7m2.5 0-.8 11a1.5 1.5 0 0 1-1.5 1.5H9.3A1.5 1.5 0 0 1 7.8 18L7 7m3.3 3.5.3 5.5m3.1-5.5-.3 5.5" />,
  turn: <path d="M4.5 13.5a7.5 7.5 0 0 0 13 3.6m2-6.6a7.5 7.5 0 0 0-13-3.6M17 21v-4h4M7 3v4H3" />,
  speaker: <path d="M4 9.5h3.5L12 5.5v13l-4.5-4H4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />,
  dots: <path d="M6 12h.01M12 12h.01M18 12h.01" />,
} satisfies Record<string, ComponentChildren>;

/** A stroke with air around it, so that it reads as a cut. */
function cut(stroke: ComponentChildren) {
  return <><g class="icon-air">{stroke}</g>{stroke}</>;
}
