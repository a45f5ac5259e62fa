// Sound as iPhones and iPads have it, by what Safari documents: no engine of theirs
// runs where this was written, so all of it is untested there, and asks whether the
// browser has it first.
//
// - A page that says it makes a call keeps one route for its sound while the
//   microphone goes on and off, and is heard with the ringer switched off:
//   https://www.w3.org/TR/audio-session/#audio-session-types
// - A phone call interrupts: the system mutes the microphone and pauses what plays, and
//   ends that when the session is active again:
//   https://developer.mozilla.org/docs/Web/API/AudioSession/statechange_event
// - Nothing is heard before a gesture, but while a page catches: the click on Join is
//   one, and where it is not enough "Turn on sound" asks for another. Muted pictures
//   play inline by themselves: https://webkit.org/blog/7763/a-closer-look-into-webrtc/
// - A hidden page has its camera muted: the SDK tells the others so (sdk/media.ts).

import type { Off } from "../../sdk/index.ts";

/** https://www.w3.org/TR/audio-session/#the-audiosession-interface; in Safari alone so far. */
export interface AudioSession extends EventTarget {
  type: "auto" | "playback" | "transient" | "transient-solo" | "ambient" | "play-and-record";
  readonly state: "inactive" | "active" | "interrupted";
}

/** Has the page sound like a call until the returned function is called; `resume` plays all again after an interruption. */
export function soundLikeACall(resume: () => void, session: AudioSession | null = ofThisBrowser()): Off {
  if (!session) return () => {};
  let interrupted = false;
  const follow = () => {
    if (interrupted && session.state === "active") resume();
    interrupted = session.state === "interrupted";
  };
  session.type = "play-and-record";
  session.addEventListener("statechange", follow);
  return () => {
    session.removeEventListener("statechange", follow);
    session.type = "auto";
  };
}

function ofThisBrowser(): AudioSession | null {
  return (navigator as { audioSession?: AudioSession }).audioSession ?? null;
}
