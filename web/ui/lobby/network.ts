// What the connection that is made ready in the lobby says about calls.

import { isDetour, pathOf } from "../statistics/path.ts";

/** How calls will go: `blocked`, sound and pictures find no way as yet. */
export type Network = "checking" | "good" | "slow" | "detour" | "blocked";

/** What finds a way does so within this time, in milliseconds, also where the first packets are lost. */
const enough = 8000;
/** Who waits longer for an answer, in milliseconds, talks over others. */
const slow = 400;

/** What is known after so many milliseconds; undefined: nothing, as where the server is busy. */
export function judge(report: RTCStatsReport | undefined, after: number): Network | undefined {
  const path = report && pathOf(report);
  if (path?.transport) return isDetour(path) ? "detour" : (path.roundTrip ?? 0) > slow ? "slow" : "good";
  if (after < enough) return "checking";
  return report && "blocked";
}
