// The findings of the connection check as lines to read.

import type { CheckMessages } from "../../i18n/index.ts";
import type { Browser, Permitted } from "../../sdk/browser.ts";
import { type Findings, portsOf, roundTripOf, type Verdict, verdictOf } from "../../sdk/check.ts";
import type { Address, Trial } from "../../sdk/probe.ts";

/** How a line looks. */
export type Mark = "good" | "bad" | "none" | "running";

export interface Line {
  readonly key: string;
  readonly name: string;
  /** What was found out, in a word or two. */
  readonly said: string;
  /** More of it, for those who want to know. */
  readonly detail?: string;
  readonly mark: Mark;
}

const marks: Record<Trial["outcome"], Mark> = { works: "good", blocked: "bad", absent: "none", withheld: "bad", failed: "none" };

/** What stands under "ways to the server"; `over`: what is not known is not tried any more. */
export function linesOfWays(words: CheckMessages, findings: Findings, over: boolean): Line[] {
  const { server, udp, tcp, relays, ipv4, ipv6 } = findings;
  const line = (key: string, name: string, trials: readonly Trial[] | undefined, detail = sayPorts): Line => {
    if (!trials) return over ? { key, name, said: words.outcome.failed, mark: "none" } : running(words, key, name);
    const { outcome } = trials.find(({ outcome }) => outcome === "blocked") ?? trials[0]!;
    const more = detail(words, trials);
    return { key, name, said: words.outcome[outcome], mark: marks[outcome], ...(more && { detail: more }) };
  };
  const one = (trial: Trial | undefined) => trial && [trial];
  const family = (key: "ipv4" | "ipv6", other: Trial | undefined): Line => {
    const said = line(key, words[key], one(findings[key]), sayAddresses);
    // One of them is enough.
    return said.mark === "bad" && other?.outcome === "works" ? { ...said, said: words.notReached, mark: "none" } : said;
  };
  return [
    sayServer(words, server),
    line("udp", words.udp, udp),
    line("tcp", words.tcp, one(tcp)),
    ...(relays?.length
      ? relays.map(({ url, by, trial }) => line(`relay-${by}-${url}`, words.relayBy(by), one(trial), () => url.replace(/^turns?:|\?.*$/g, "")))
      : [line("relay", words.relay, relays && [{ outcome: "absent", offered: [] }])]),
    family("ipv4", ipv6),
    family("ipv6", ipv4),
    sayRoundTrip(words, findings, over),
  ];
}

/** What stands under "this browser"; empty until it was looked at. */
export function linesOfBrowser(words: CheckMessages, browser: Browser | undefined): Line[] {
  if (!browser) return [];
  const device = (key: "microphone" | "camera"): Line => ({
    key, name: words[key], said: words.permitted[browser[key]], mark: markOf(browser[key]),
  });
  return [
    { key: "webrtc", name: words.webrtc, said: browser.webrtc ? words.offered : words.notOffered, mark: browser.webrtc ? "good" : "bad" },
    device("microphone"),
    device("camera"),
    { key: "codecs", name: words.codecs, said: browser.codecs.join(", ") || words.notOffered, mark: browser.codecs.length ? "good" : "bad" },
  ];
}

/** The verdict in a sentence or two; undefined while it is not known. */
export function sayVerdict(words: CheckMessages, host: string, findings: Findings, browser: Browser | undefined): { said: string; verdict: Verdict | undefined } | undefined {
  if (browser && !browser.webrtc) return { said: words.verdict.unsupported({ host, udp: [], tcp: [], by: undefined }), verdict: undefined };
  const verdict = verdictOf(findings);
  return verdict && { said: words.verdict[verdict.course]({ host, ...verdict.blocked, by: verdict.by }), verdict };
}

/** All of it as text, for whoever helps. */
export function asText(words: CheckMessages, said: string, at: Date, groups: readonly (readonly Line[])[]): string {
  const say = ({ name, said, detail }: Line) => `${name}: ${said}${detail ? ` (${detail})` : ""}`;
  return [
    `${words.title} · ${location.origin} · ${at.toISOString()}`, said, "",
    ...groups.flatMap((lines) => [...lines.map(say), ""]), navigator.userAgent, "",
  ].join("\n");
}

function sayServer(words: CheckMessages, server: Findings["server"]): Line {
  const head = { key: "server", name: words.server };
  if (!server) return running(words, head.key, head.name);
  if ("error" in server) return { ...head, said: words.outcome.blocked, detail: server.error, mark: "bad" };
  return { ...head, said: words.outcome.works, detail: milliseconds(words, server.roundTrip), mark: "good" };
}

function sayRoundTrip(words: CheckMessages, findings: Findings, over: boolean): Line {
  const time = roundTripOf(findings);
  const done = over || (findings.udp && findings.tcp); // until then a better one may come
  if (!done) return running(words, "round-trip", words.roundTrip);
  const head = { key: "round-trip", name: words.roundTrip };
  return time === undefined ? { ...head, said: words.outcome.failed, mark: "none" } : { ...head, said: milliseconds(words, time), mark: "good" };
}

function running(words: CheckMessages, key: string, name: string): Line {
  return { key, name, said: words.outcome.running, mark: "running" };
}

/** Which ports were tried; where some are blocked and others not, which are. */
function sayPorts(words: CheckMessages, trials: readonly Trial[]): string {
  const blocked = trials.filter(({ outcome }) => outcome === "blocked");
  const told = portsOf((blocked.length ? blocked : trials).flatMap(({ offered }) => offered));
  return told.length ? words.port(told) : "";
}

/** The address that was reached, or those that were not. */
function sayAddresses(_: CheckMessages, trials: readonly Trial[]): string {
  const trial = trials[0]!;
  const all: readonly Address[] = trial.reached ? [trial.reached] : trial.offered;
  return [...new Set(all.map(({ address }) => address))].join(", ");
}

function markOf(permitted: Permitted): Mark {
  if (permitted === "granted" || permitted === "prompt") return "good";
  return permitted === "unknown" ? "none" : "bad";
}

/** At least one: nothing takes no time. */
function milliseconds(words: CheckMessages, time: number): string {
  return words.milliseconds(Math.max(1, Math.round(time)));
}
