// Which simulcast layers of a camera are sent, and how big.
//
// libwebrtc drops layers by the size of what is caught: below 960×540 it sends
// two, below 480×270 one, and it keeps the RIDs that come first. So the scales
// follow the size, or a small capture would be sent as a quarter of itself.

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
