// Which layers of our pictures are sent, and how big.
//
// libwebrtc drops layers by the size of what is caught: below 960×540 it sends
// two, below 480×270 one, and it keeps the RIDs that come first. So the scales
// follow the size, or a small capture would be sent as a quarter of itself.

import type { PictureKind } from "./types.ts";
import type { Lobby } from "./wire.ts";

/** RIDs of a camera's layers, the smallest first. */
export const rids = ["q", "h", "f"] as const;

/** What one layer of a capture is to be. */
export interface Layer {
  rid: string;
  active: boolean;
  scaleResolutionDownBy: number;
  maxBitrate: number;
}

/** How many layers libwebrtc sends of a capture of this size. */
export function layerCount(width: number, height: number): number {
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  if (long >= 960 && short >= 540) return 3;
  if (long >= 480 && short >= 270) return 2;
  return 1;
}

/**
 * The layers of a camera of this size. `wanted` are the RIDs that anybody needs;
 * a wish for a layer that the capture is too small for is a wish for its largest.
 */
export function cameraLayers(width: number, height: number, bitrates: Lobby["bitrates"], wanted: ReadonlySet<string> = new Set(rids)): Layer[] {
  const count = layerCount(width, height);
  const wish = new Set([...wanted].map((rid) => Math.min(rids.indexOf(rid as "q"), count - 1)));
  return rids.map((rid, i) => ({
    rid,
    active: i < count && wish.has(i),
    scaleResolutionDownBy: 2 ** Math.max(0, count - 1 - i),
    maxBitrate: bitrates[rid],
  }));
}

/**
 * Fits the encodings of a sender to what is caught and to what anybody needs
 * (undefined: everything). A screen has one, and so has a camera where the
 * browser or the server knows no simulcast: it is on while any layer is needed.
 */
export function fitEncodings(
  encodings: RTCRtpEncodingParameters[], kind: PictureKind, { width = 1280, height = 720 }: MediaTrackSettings,
  bitrates: Lobby["bitrates"], wanted: ReadonlySet<string> | undefined,
): void {
  const [only] = encodings;
  if (only && encodings.length === 1) {
    only.active = wanted === undefined || wanted.size > 0;
    if (kind === "camera") Object.assign(only, { scaleResolutionDownBy: 1, maxBitrate: bitrates.f });
    return;
  }
  const layers = cameraLayers(width, height, bitrates, wanted);
  for (const encoding of encodings) Object.assign(encoding, layers.find(({ rid }) => rid === encoding.rid));
}
