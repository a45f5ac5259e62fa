// Tries every way to the server's media, and says what that means for calls.

import type { ErrorCode, MadangError } from "./errors.ts";
import { type Address, type Protocol, probeFamily, probeRelay, probeServer, probeTCP, probeUDP, type Reached, type Trial } from "./probe.ts";

/** A relay, and what came of going through it. */
export interface RelayTrial {
  readonly url: string;
  /** How one gets to it. */
  readonly by: "udp" | "tcp" | "tls";
  /** Absent: it is tried. */
  readonly trial?: Trial;
}

/** What is known so far; what is absent is tried, or comes after what is. */
export interface Findings {
  readonly server?: Reached | { readonly error: ErrorCode };
  /** Several tries, to see several of the server's ports. */
  readonly udp?: readonly Trial[];
  readonly tcp?: Trial;
  readonly relays?: readonly RelayTrial[];
  readonly ipv4?: Trial;
  readonly ipv6?: Trial;
}

/**
 * How calls will go: by UDP, over TCP, through a relay, not at all (`blocked`) ·
 * `some-ports`: by UDP, but not to all ports · `withheld`: this browser uses no UDP,
 * by its settings · `unreachable`: not even the WebSocket
 * works · `untested`: the server was too busy, or something broke.
 */
export type Course = "udp" | "some-ports" | "tcp" | "relay" | "blocked" | "withheld" | "unreachable" | "untested";

export interface Verdict {
  readonly course: Course;
  /** Ports that are blocked. */
  readonly blocked: Readonly<Record<Protocol, readonly number[]>>;
  /** How one gets to the relay, for the course `relay`. */
  readonly by?: RelayTrial["by"];
}

/** How many tries of UDP: a server has a port for each of its cores. */
const triesOfUDP = 4;

/** Tries everything; `changed` hears what is known each time it is more. */
export async function check(origin: string, signal: AbortSignal, changed: (findings: Findings) => void): Promise<void> {
  let findings: Findings = {};
  const note = (more: Findings) => {
    findings = { ...findings, ...more };
    if (!signal.aborted) changed(findings);
  };
  const server = await probeServer(origin, signal).catch((error: MadangError) => ({ error: error.code }));
  note({ server });
  if ("error" in server || !("RTCPeerConnection" in globalThis)) return;
  const relays = server.relays.map((url): RelayTrial => ({ url, by: byOf(url) }));
  note({ relays });
  await Promise.all([
    Promise.all(Array.from({ length: triesOfUDP }, () => probeUDP(origin, signal))).then((udp) => note({ udp })),
    probeTCP(origin, signal).then((tcp) => note({ tcp })),
    probeFamily(origin, 4, signal).then((ipv4) => note({ ipv4 })),
    probeFamily(origin, 6, signal).then((ipv6) => note({ ipv6 })),
    ...relays.map(({ url }) => probeRelay(origin, url, signal).then((trial) => {
      note({ relays: findings.relays!.map((relay) => (relay.url === url ? { ...relay, trial } : relay)) });
    })),
  ]);
}

/** What the findings mean, as soon as that is known. */
export function verdictOf({ server, udp, tcp, relays }: Findings): Verdict | undefined {
  const verdict = (course: Course, more: Partial<Verdict> = {}): Verdict =>
    ({ course, blocked: { udp: blockedPorts(udp ?? []), tcp: blockedPorts(tcp ? [tcp] : []) }, ...more });
  if (!server) return undefined;
  if ("error" in server) return verdict(server.error === "unavailable" ? "untested" : "unreachable");
  if (!udp) return undefined;
  if (udp.some(works)) return verdict(udp.some(({ outcome }) => outcome === "blocked") ? "some-ports" : "udp");
  if (udp.every(({ outcome }) => outcome === "withheld")) return verdict("withheld");
  if (!tcp) return undefined;
  if (works(tcp)) return verdict("tcp");
  const through = relays?.find(({ trial }) => trial && works(trial));
  if (through) return verdict("relay", { by: through.by });
  if (relays?.some(({ trial }) => !trial)) return undefined;
  return verdict(udp.some(({ outcome }) => outcome === "failed") ? "untested" : "blocked");
}

/** How long a packet takes there and back by the best way that works, in milliseconds. */
export function roundTripOf({ server, udp, tcp, relays }: Findings): number | undefined {
  const times = (trials: readonly (Trial | undefined)[]) => trials.flatMap((trial) => trial?.roundTrip ?? []);
  for (const way of [times(udp ?? []), times([tcp]), times(relays?.map(({ trial }) => trial) ?? [])]) {
    if (way.length > 0) return Math.min(...way);
  }
  return server && "roundTrip" in server ? server.roundTrip : undefined;
}

/** The ports of addresses, each once, the lowest first. */
export function portsOf(addresses: readonly Address[]): number[] {
  return [...new Set(addresses.map(({ port }) => port))].sort((a, b) => a - b);
}

function works({ outcome }: Trial): boolean {
  return outcome === "works";
}

function blockedPorts(trials: readonly Trial[]): number[] {
  return portsOf(trials.filter(({ outcome }) => outcome === "blocked").flatMap(({ offered }) => offered));
}

function byOf(url: string): RelayTrial["by"] {
  if (url.startsWith("turns:")) return "tls";
  return url.endsWith("transport=tcp") ? "tcp" : "udp";
}
