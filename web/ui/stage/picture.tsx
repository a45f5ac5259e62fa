// Pictures: videos that lie where their member's seat is.

import { useEffect, useState } from "preact/hooks";
import type { Tile } from "../../sdk/index.ts";
import type { Placed } from "./arrange.ts";
import { heightLeft } from "./pack.ts";
import { useTrack } from "../parts/hooks.ts";
import { useBox } from "../parts/use-box.ts";

/** A picture that would have less of its height left than this does not fill its tile: of who holds a phone upright one sees more than a nose. */
const LEAST_LEFT = 0.5;

/**
 * A picture from the server. It stays on the page, only unseen, while it shows
 * nothing: a video that is not laid out gets no frames, and so would never learn
 * that it shows something again.
 */
export function Picture({ tile, placed }: { tile: Tile; placed: Placed | undefined }) {
  const video = useBox<HTMLVideoElement>(placed?.box, `${tile.member}/${tile.source}`);
  useEffect(() => (video.current ? tile.attach(video.current) : undefined), [tile.attach]);
  const [aspect, setAspect] = useState(16 / 9);
  const visible = placed !== undefined && !tile.why;
  const whole = placed && heightLeft(aspect, placed.box) < LEAST_LEFT;
  return (
    <video
      ref={video} class={`picture ${tile.source ?? ""} ${visible ? "" : "unseen"} ${whole ? "whole" : ""}`} muted playsInline autoPlay
      onResize={({ currentTarget: { videoWidth, videoHeight } }) => setAspect(Math.round((100 * videoWidth) / videoHeight) / 100 || 16 / 9)}
      data-member={tile.member} data-source={tile.source} tabIndex={-1} aria-hidden={!visible}
    />
  );
}

/** Our own camera, as in a mirror where it looks at us. */
export function SelfPicture({ track, mirrored, placed }: { track: MediaStreamTrack | undefined; mirrored: boolean; placed: Placed }) {
  const box = useBox<HTMLDivElement>(placed.box);
  const video = useTrack(track);
  return (
    <div class={`picture self ${placed.place}`} ref={box} hidden={!track}>
      <video ref={video} class={mirrored ? "mirrored" : ""} muted playsInline tabIndex={-1} />
    </div>
  );
}
