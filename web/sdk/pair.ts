// Which way a connection has found, by what the browser counts.

/** The pair of addresses that carries a connection. */
export interface Pair {
  /** How packets leave this browser: to a relay, if there is one. */
  readonly protocol: "udp" | "tcp";
  readonly relayed: boolean;
  /** The server's end, where the browser tells it. */
  readonly remote?: { readonly protocol: "udp" | "tcp"; readonly address: string; readonly port: number };
  /** Milliseconds there and back. */
  readonly roundTrip?: number;
}

/** The pair that a connection uses now; undefined: none has been found. */
export function pairOf(report: RTCStatsReport): Pair | undefined {
  let chosen: string | undefined;
  let selected: (RTCIceCandidatePairStats & { selected?: boolean }) | undefined; // as Firefox tells it
  report.forEach((stat) => {
    if (stat.type === "transport") chosen = stat.selectedCandidatePairId;
    if (stat.type === "candidate-pair" && stat.selected) selected = stat;
  });
  const pair: typeof selected = report.get(chosen ?? "") ?? selected;
  if (!pair) return undefined;
  const [local, remote] = [report.get(pair.localCandidateId), report.get(pair.remoteCandidateId)];
  const relayed = local?.candidateType === "relay";
  return {
    protocol: ((relayed && local.relayProtocol) || remote?.protocol || local?.protocol) === "udp" ? "udp" : "tcp", // or tls
    relayed,
    ...(remote?.address && { remote: { protocol: remote.protocol, address: remote.address, port: remote.port } }),
    ...(pair.currentRoundTripTime !== undefined && { roundTrip: 1000 * pair.currentRoundTripTime }),
  };
}
