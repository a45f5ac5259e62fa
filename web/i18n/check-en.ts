// The words of the connection check, in English; they come with its code.

import type { Permitted } from "../sdk/browser.ts";
import type { Course, RelayTrial } from "../sdk/check.ts";
import type { Trial } from "../sdk/probe.ts";

/** What a verdict names: the server, and its ports that are blocked. */
export interface Named {
  readonly host: string;
  readonly udp: readonly number[];
  readonly tcp: readonly number[];
  readonly by: RelayTrial["by"] | undefined;
}

const list = new Intl.ListFormat("en");

function ports(protocol: string, numbers: readonly number[]): string {
  return `${protocol} ${numbers.length === 1 ? "port" : "ports"} ${list.format(numbers.map(String))}`;
}

function ask({ host, udp, tcp }: Named): string {
  const [best, least] = [udp.length ? ports("UDP", udp) : "", tcp.length ? ports("TCP", tcp) : ""];
  if (!best && !least) return "";
  return ` Ask your administrator to open ${best || least} to ${host}${best && least ? `, or at least ${least}` : ""}.`;
}

const ways: Record<RelayTrial["by"], string> = { udp: "UDP", tcp: "TCP", tls: "TLS" };

const verdict: Record<Course | "unsupported", (named: Named) => string> = {
  udp: () => "Calls will work well from here.",
  "some-ports": (named) => `Calls will work, but not always well: ${ports("UDP", named.udp)} ${named.udp.length === 1 ? "is" : "are"} blocked.${ask({ ...named, tcp: [] })}`,
  tcp: (named) => `Calls will work, over TCP: your network blocks UDP.${ask({ ...named, tcp: [] })}`,
  relay: (named) => `Calls will work, through the relay over ${ways[named.by ?? "tls"]}: your network blocks the direct ways.${ask(named)}`,
  blocked: (named) => `Calls will not work from here: your network blocks every way for sound and pictures.${ask(named)}`,
  withheld: () => "This browser itself uses no UDP for calls, by a setting, an extension or a VPN. Allow WebRTC there, or try another browser: calls may work badly or not at all.",
  unreachable: ({ host }) => `We can't reach ${host}. Check your connection. If this page opened all the same, a proxy on the way may hold WebSockets back.`,
  untested: () => "The server is busy, and not everything could be tested. Check again in a moment.",
  unsupported: () => "This browser can't make calls: it has no WebRTC. Use a current Chrome, Edge, Firefox or Safari.",
};

const outcome: Record<Trial["outcome"] | "running", string> = {
  works: "Works", blocked: "Blocked", absent: "Not offered", withheld: "Held back by the browser", failed: "Not tested", running: "Checking…",
};

const permitted: Record<Permitted, string> = {
  granted: "Allowed", prompt: "You will be asked", denied: "Forbidden in this browser", missing: "None found",
  insecure: "Only on https pages", unknown: "Not known",
};

export const en = {
  title: "Connection check",
  intro: "Each way from this browser to the server, tried by itself.",
  checking: "Checking the ways to the server…",
  again: "Check again",
  copy: "Copy as text",
  copied: "The result is copied.",
  result: "Result as text",
  toStart: "First page",
  ways: "Ways to the server",
  browser: "This browser",
  server: "Server (WebSocket)",
  udp: "UDP",
  tcp: "TCP",
  relay: "Relay",
  relayBy: (by: RelayTrial["by"]) => `Relay over ${ways[by]}`,
  roundTrip: "Round trip",
  ipv4: "IPv4",
  ipv6: "IPv6",
  webrtc: "Calls (WebRTC)",
  microphone: "Microphone",
  camera: "Camera",
  codecs: "Codecs",
  milliseconds: (n: number) => `${n} ms`,
  port: (numbers: readonly number[]) => `${numbers.length === 1 ? "port" : "ports"} ${numbers.join(", ")}`,
  offered: "Works", // by the browser
  notOffered: "Missing",
  notReached: "Not from here",
  outcome,
  permitted,
  verdict,
  operator: "You run this server? If it is blocked from every network, the firewall of the server itself is closed. On the server, madang doctor prints the lines that open it.",
};

/** What a language must say. */
export type CheckMessages = {
  readonly [K in keyof typeof en]: (typeof en)[K];
};
