// Noticing that a device cannot decode what it asked for.

import type { Off } from "./emitter.ts";

/** How often the decoders are looked at, in milliseconds. */
const look = 2000;
/** So many bad looks in a row, and less is asked for. */
const badLooks = 3;
/** So many good looks in a row, and more is tried again. */
const goodLooks = 8;
/** A trial that fails within so many looks makes the next one wait twice as long. */
const trial = 10;
const longestWait = 64; // looks
/** The smallest part of a tile's width and height that is asked for. */
const leastScale = 0.25;

/** What one stream's decoder did since the last look. */
export interface Decoding {
  /** Part of the time that it was busy, 0 to 1. */
  readonly busy: number;
  /** Frames that were to be shown, and how many of them were dropped. */
  readonly frames: number;
  readonly dropped: number;
  /** Did packets get lost: then frames drop whatever the device can do. */
  readonly lossy: boolean;
}

/** Decides how much of a picture's size to ask for. Looks come at even times; it knows no clock. */
export class Overload {
  /** Part of the tiles' width and height to ask for: 1, 1/2 or 1/4. */
  scale = 1;
  #bad = 0;
  #good = 0;
  #wait = goodLooks;
  #sinceTrial = Infinity;

  /** Takes what all streams did since the last look; returns the scale. */
  judge(streams: readonly Decoding[]): number {
    this.#bad = streams.some(strained) ? this.#bad + 1 : 0;
    this.#good = streams.every(calm) ? this.#good + 1 : 0;
    if (++this.#sinceTrial === trial) this.#wait = goodLooks; // it went well
    if (this.#bad >= badLooks && this.scale > leastScale) {
      if (this.#sinceTrial < trial) this.#wait = Math.min(longestWait, 2 * this.#wait);
      this.#sinceTrial = Infinity;
      this.#turn(this.scale / 2);
    } else if (this.#good >= this.#wait && this.scale < 1) {
      this.#sinceTrial = 0;
      this.#turn(this.scale * 2);
    }
    return this.scale;
  }

  #turn(scale: number): void {
    this.scale = scale;
    this.#bad = this.#good = 0;
  }
}

function strained({ busy, frames, dropped, lossy }: Decoding): boolean {
  return busy > 0.8 || (busy > 0.25 && !lossy && frames >= 10 && dropped > 0.2 * frames);
}

function calm({ busy, frames, dropped, lossy }: Decoding): boolean {
  return busy < 0.4 && (lossy || dropped <= 0.05 * frames);
}

/** What is counted of a stream, in the names of its statistics. */
interface Counted {
  readonly totalDecodeTime: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly packetsLost: number;
}

/** What happened between two reports of a stream, so many seconds apart. */
export function decodingBetween(before: Counted, now: Counted, seconds: number): Decoding {
  const dropped = now.framesDropped - before.framesDropped;
  return {
    busy: (now.totalDecodeTime - before.totalDecodeTime) / seconds,
    frames: now.framesDecoded - before.framesDecoded + dropped,
    dropped,
    lossy: now.packetsLost > before.packetsLost,
  };
}

/** Watches the decoders of a connection while the page is seen, and tells each new scale. The returned function ends it. */
export function watchDecoding(connection: RTCPeerConnection, changed: (scale: number) => void): Off {
  const overload = new Overload();
  let before = new Map<string, Counted>();
  let at = performance.now();
  const timer = setInterval(async () => {
    if (document.hidden) return;
    const report = await connection.getStats().catch(() => undefined); // it was closed meanwhile
    if (!report) return;
    const counted = videosOf(report);
    const now = performance.now();
    const streams = [...counted].flatMap(([id, stream]) => {
      const known = before.get(id);
      return known ? [decodingBetween(known, stream, (now - at) / 1000)] : [];
    });
    before = counted;
    at = now;
    const { scale } = overload;
    if (overload.judge(streams) !== scale) changed(overload.scale);
  }, look);
  return () => clearInterval(timer);
}

function videosOf(report: RTCStatsReport): Map<string, Counted> {
  const videos = new Map<string, Counted>();
  report.forEach((stat: RTCInboundRtpStreamStats) => {
    if (stat.type !== "inbound-rtp" || stat.kind !== "video") return;
    const { id, totalDecodeTime = 0, framesDecoded = 0, framesDropped = 0, packetsLost = 0 } = stat;
    videos.set(id, { totalDecodeTime, framesDecoded, framesDropped, packetsLost });
  });
  return videos;
}
