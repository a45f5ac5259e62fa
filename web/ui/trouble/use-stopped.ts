import { useEffect, useState } from "preact/hooks";

/** Does a track of our own get nothing from its device, which some browsers tell: a cover, a key, or the system holds it back. */
export function useStopped(track: MediaStreamTrack): boolean {
  const [stopped, setStopped] = useState(track.muted);
  useEffect(() => {
    const look = () => setStopped(track.muted);
    look();
    track.addEventListener("mute", look);
    track.addEventListener("unmute", look);
    return () => {
      track.removeEventListener("mute", look);
      track.removeEventListener("unmute", look);
    };
  }, [track]);
  return stopped;
}
