// What the browser counts, as facts for people who mend connections.

import type { Carried, SourceKind } from "../../sdk/index.ts";
import { type PathFacts, pathOf } from "./path.ts";

/** What is counted of one stream at one moment, for rates. */
interface Counted {
  readonly at: number; // milliseconds
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
  readonly frozen: number; // seconds
  readonly concealed: number; // samples
  readonly samples: number;
}

/** Facts of one stream; those that do not apply are absent. */
export interface StreamFacts {
  readonly key: string;
  readonly direction: "in" | "out";
  /** The line that it is on. */
  readonly mid: string;
  readonly kind: "audio" | "video";
  readonly member?: string;
  readonly source?: SourceKind;
  readonly codec?: string;
  /** RID and scalability mode of a layer that is sent. */
  readonly layer?: string;
  readonly width?: number;
  readonly height?: number;
  readonly framesPerSecond?: number;
  /** Bits per second. */
  readonly bitrate?: number;
  /** Part of the packets, 0 to 1. */
  readonly loss?: number;
  /** Milliseconds. */
  readonly jitter?: number;
  readonly roundTrip?: number;
  /** Part of the time that the picture stood, and part of the sound that was made up, 0 to 1. */
  readonly frozen?: number;
  readonly concealed?: number;
  /** What keeps the encoder from more: bandwidth or cpu. */
  readonly limit?: string;
}

export interface Facts {
  readonly path: PathFacts;
  readonly streams: readonly StreamFacts[];
}

/** A report as anything that is read from it: the types of the DOM lack half of the fields. */
type Stat = Readonly<Record<string, any>>;

/** Turns reports into facts; rates are between one report and the next. */
export class Statistics {
  #before = new Map<string, Counted>();

  /** `carried` says what is on each line, by mid. */
  take(report: RTCStatsReport, carried: ReadonlyMap<string, Carried>): Facts {
    const stats: Stat[] = [];
    report.forEach((stat) => stats.push(stat));
    const streams = stats
      .filter(({ type }) => type === "inbound-rtp" || type === "outbound-rtp")
      .map((stat) => ({
        ...ownerOf(carried.get(String(stat.mid))),
        ...(stat.type === "inbound-rtp" ? this.#received(stat, report) : this.#sent(stat, report)),
      }))
      .filter((stream) => stream.bitrate !== 0); // a line that carries nothing now
    this.#before = new Map(stats.map((stat) => [stat.id, counted(stat)]));
    return { path: pathOf(report), streams };
  }

  #received(stat: Stat, report: RTCStatsReport): StreamFacts {
    const now = counted(stat);
    const before = this.#before.get(stat.id);
    const during = before && (now.at - before.at) / 1000;
    return facts({
      ...common(stat, report, before),
      direction: "in",
      loss: before && part(now.lost - before.lost, now.packets - before.packets + now.lost - before.lost),
      jitter: milliseconds(stat.jitter),
      frozen: stat.kind === "video" && before && during ? part(now.frozen - before.frozen, during) : undefined,
      concealed: stat.kind === "audio" && before ? part(now.concealed - before.concealed, now.samples - before.samples) : undefined,
    });
  }

  #sent(stat: Stat, report: RTCStatsReport): StreamFacts {
    const far: Stat = report.get(stat.remoteId) ?? {};
    const layer = [stat.rid, stat.scalabilityMode].filter(Boolean).join(" ");
    return facts({
      ...common(stat, report, this.#before.get(stat.id)),
      direction: "out",
      layer: layer || undefined,
      loss: far.fractionLost,
      jitter: milliseconds(far.jitter),
      roundTrip: milliseconds(far.roundTripTime),
      limit: stat.qualityLimitationReason === "none" ? undefined : stat.qualityLimitationReason,
    });
  }
}

function ownerOf({ member, source }: Carried = {}): Pick<StreamFacts, "member" | "source"> {
  return facts({ member, source });
}

function common(stat: Stat, report: RTCStatsReport, before: Counted | undefined) {
  const now = counted(stat);
  const codec: string | undefined = report.get(stat.codecId)?.mimeType;
  return {
    key: stat.id as string,
    mid: String(stat.mid ?? ""),
    kind: stat.kind as StreamFacts["kind"],
    codec: codec?.replace(/^\w+\//, ""),
    width: stat.frameWidth,
    height: stat.frameHeight,
    framesPerSecond: stat.framesPerSecond,
    bitrate: before && now.at > before.at ? Math.round((8000 * (now.bytes - before.bytes)) / (now.at - before.at)) : undefined,
  };
}

function counted(stat: Stat): Counted {
  return {
    at: stat.timestamp,
    bytes: stat.bytesReceived ?? stat.bytesSent ?? 0,
    packets: stat.packetsReceived ?? stat.packetsSent ?? 0,
    lost: stat.packetsLost ?? 0,
    frozen: stat.totalFreezesDuration ?? 0,
    concealed: stat.concealedSamples ?? 0,
    samples: stat.totalSamplesReceived ?? 0,
  };
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(1000 * seconds);
}

/** Part of a whole, 0 to 1, to four digits. */
function part(some: number, all: number): number {
  return all > 0 ? Math.round((10_000 * Math.max(0, some)) / all) / 10_000 : 0;
}

/** Leaves out what is not known. */
function facts<T extends object>(all: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as never;
}
