// Which ways lead from this browser to a server's media: each is tried by itself,
// with a connection that can take no other.

import { type ErrorCode, MadangError } from "./errors.ts";
import { greet } from "./greeting.ts";
import { whileBusy } from "./queue.ts";
import type { Socket } from "./socket.ts";

export type Protocol = "udp" | "tcp";

/** Where a server takes media. */
export interface Address {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

/** What came of trying one way. */
export interface Trial {
  /** `absent`: the server offers no such way. `withheld`: this browser goes no such way, by its settings. `failed`: it could not be tried, see `error`. */
  readonly outcome: "works" | "blocked" | "absent" | "withheld" | "failed";
  /** Where the server says that it can be reached this way; for a relay, behind it. */
  readonly offered: readonly Address[];
  /** The one that was reached. */
  readonly reached?: Address;
  /** Milliseconds there and back. */
  readonly roundTrip?: number;
  readonly error?: ErrorCode;
}

/** What came of going to the server's WebSocket. */
export interface Reached {
  readonly roundTrip: number;
  /** The URLs of the relays that it names. */
  readonly relays: readonly string[];
}

/** What is left of all ways when one is tried. */
interface Way {
  allows(address: Address): boolean;
  /** The URL of the relay to go through; absent: none. */
  relay?: string;
}

/** How long a step may take, in milliseconds. */
const patience = 10_000;
/** What gets through does so within this time, also where the first packets are lost. */
const enough = 8000;

/** Goes to the WebSocket of the server at this origin. Throws ServerError, ConnectionError. */
export async function probeServer(origin: string, signal: AbortSignal): Promise<Reached> {
  const { socket, lobby } = await greet(doorOf(origin), { test: true }, undefined, patience, signal);
  try {
    return { roundTrip: await socket.roundTrip(patience), relays: lobby.ice.flatMap(({ urls }) => urls).filter((url) => /^turns?:/.test(url)) };
  } finally {
    leave(socket);
  }
}

/** Tries UDP. The server has several ports for it; several tries at a time see several. */
export function probeUDP(origin: string, signal: AbortSignal): Promise<Trial> {
  return probe(origin, { allows: ({ protocol }) => protocol === "udp" }, signal);
}

/** Tries TCP, straight to the server's media. */
export function probeTCP(origin: string, signal: AbortSignal): Promise<Trial> {
  return probe(origin, { allows: ({ protocol }) => protocol === "tcp" }, signal);
}

/** Tries one version of IP, by UDP or TCP. */
export function probeFamily(origin: string, family: 4 | 6, signal: AbortSignal): Promise<Trial> {
  return probe(origin, { allows: ({ address }) => address.includes(":") === (family === 6) }, signal);
}

/** Tries a relay, by its URL. */
export function probeRelay(origin: string, relay: string, signal: AbortSignal): Promise<Trial> {
  return probe(origin, { relay, allows: ({ protocol }) => protocol === "udp" }, signal);
}

async function probe(origin: string, way: Way, signal: AbortSignal): Promise<Trial> {
  let socket: Socket | undefined;
  let pc: RTCPeerConnection | undefined;
  const stop = () => pc?.close();
  try {
    const greeting = await greet(doorOf(origin), { test: true }, undefined, patience, signal);
    socket = greeting.socket;
    const configuration = through(greeting.lobby.ice, way.relay);
    if (!configuration) return { outcome: "absent", offered: [] };
    pc = new RTCPeerConnection(configuration);
    signal.addEventListener("abort", stop);
    let local = 0; // places of our own from which to go
    pc.onicecandidate = ({ candidate }) => void (local += candidate?.candidate ? 1 : 0);
    pc.createDataChannel("chat", { negotiated: true, id: 0 });
    await pc.setLocalDescription(await pc.createOffer());
    // Of our own candidates the server hears nothing: so it sends nothing before it is asked, by any way.
    const offer = withCandidates(pc.localDescription!.sdp, () => false);
    const { sdp: answer } = await whileBusy(() => greeting.socket.request("join", { sdp: offer, lines: {} }, patience).answer, signal);
    const leads = (address: Address) => way.allows(address) && (isLoopback(new URL(origin).hostname) || !isLoopback(address.address));
    const offered = candidatesOf(answer).filter(leads);
    if (offered.length === 0) return { outcome: "absent", offered };
    const connected = whenConnected(pc, signal);
    await pc.setRemoteDescription({ type: "answer", sdp: withCandidates(answer, leads) });
    if (await connected) return { outcome: "works", offered, ...(await pathOf(pc)) };
    return { outcome: local === 0 && way.relay === undefined ? "withheld" : "blocked", offered };
  } catch (error) {
    return { outcome: "failed", offered: [], error: error instanceof MadangError ? error.code : "media_failed" };
  } finally {
    signal.removeEventListener("abort", stop);
    pc?.close();
    if (socket) leave(socket);
  }
}

/** Is this a name or address of the machine itself: nobody else gets there. */
function isLoopback(host: string): boolean {
  return /^(localhost|127\..*|\[?::1\]?)$/.test(host);
}

function doorOf(origin: string): string {
  return `${origin.replace(/^http/, "ws")}/ws`;
}

function leave(socket: Socket): void {
  socket.send({ t: "bye" });
  socket.close();
}

/** How to go through one relay and nothing else, or through none; undefined: there is no such relay. */
function through(servers: readonly RTCIceServer[], relay: string | undefined): RTCConfiguration | undefined {
  if (relay === undefined) return {};
  const server = servers.find(({ urls }) => [urls].flat().includes(relay));
  return server && { iceServers: [{ ...server, urls: relay }], iceTransportPolicy: "relay" };
}

/** Is there a connection in time. */
function whenConnected(pc: RTCPeerConnection, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (connected: boolean) => {
      clearTimeout(timer);
      resolve(connected);
    };
    const timer = setTimeout(finish, enough, false);
    signal.addEventListener("abort", () => finish(false), { once: true });
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === "connected") finish(true);
      else if (pc.connectionState === "failed") finish(false);
    };
  });
}

/** What the browser knows of the pair that carries the connection. */
async function pathOf(pc: RTCPeerConnection): Promise<Pick<Trial, "reached" | "roundTrip">> {
  const report = await pc.getStats();
  let transport: { selectedCandidatePairId?: string } | undefined;
  let selected: (RTCIceCandidatePairStats & { selected?: boolean }) | undefined; // as Firefox tells it
  report.forEach((stat) => {
    if (stat.type === "transport") transport = stat;
    if (stat.type === "candidate-pair" && stat.selected) selected = stat;
  });
  const pair: typeof selected = report.get(transport?.selectedCandidatePairId ?? "") ?? selected;
  const remote = pair && report.get(pair.remoteCandidateId);
  return {
    ...(remote?.address && { reached: { protocol: remote.protocol, address: remote.address, port: remote.port } }),
    ...(pair?.currentRoundTripTime !== undefined && { roundTrip: 1000 * pair.currentRoundTripTime }),
  };
}

/** The candidates of an SDP that one can come to. */
export function candidatesOf(sdp: string): Address[] {
  return sdp.split(/\r?\n/).flatMap((line) => candidateOf(line) ?? []);
}

/** The SDP with those of its candidates only that are kept. */
export function withCandidates(sdp: string, keep: (address: Address) => boolean): string {
  return sdp.split(/\r?\n/).filter((line) => {
    if (!line.startsWith("a=candidate:")) return true;
    const candidate = candidateOf(line);
    return candidate !== undefined && keep(candidate);
  }).join("\r\n");
}

/** Reads a line of an SDP (RFC 8839 section 5.1); undefined: it is no candidate that one can come to. */
function candidateOf(line: string): Address | undefined {
  const [, protocol, address, port, rest] = /^a=candidate:\S+ 1 (udp|tcp) \d+ (\S+) (\d+) (.*)$/i.exec(line) ?? [];
  if (!protocol || !address || /tcptype (?!passive)/.test(rest!)) return undefined;
  return { protocol: protocol.toLowerCase() as Protocol, address, port: Number(port) };
}
