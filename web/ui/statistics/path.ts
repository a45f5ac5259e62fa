// The way that sound and pictures take to the server, as the browser tells it.

/** Facts of the connection as a whole; what is not known is absent. */
export interface PathFacts {
  /** Protocol and kind of our end: "udp host", "tcp srflx", "udp relay over tls". */
  readonly transport?: string;
  /** Milliseconds. */
  readonly roundTrip?: number;
  /** What the browser believes it can send, bits per second. */
  readonly estimate?: number;
}

/** A report's entry as anything that is read from it: the types of the DOM lack half of the fields. */
type Stat = Readonly<Record<string, any>>;

/** The way that is in use. */
export function pathOf(report: RTCStatsReport): PathFacts {
  const stats: Stat[] = [];
  report.forEach((stat) => stats.push(stat));
  const chosen = stats.find(({ type }) => type === "transport")?.selectedCandidatePairId;
  const pair: Stat = (chosen && report.get(chosen)) ?? stats.find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded") ?? {};
  const { protocol, candidateType, relayProtocol }: Stat = report.get(pair.localCandidateId) ?? {};
  const { currentRoundTripTime: seconds, availableOutgoingBitrate: estimate } = pair;
  return {
    ...(protocol && { transport: `${protocol} ${candidateType}${relayProtocol ? ` over ${relayProtocol}` : ""}` }),
    ...(seconds !== undefined && { roundTrip: Math.round(1000 * seconds) }),
    ...(estimate !== undefined && { estimate }),
  };
}

/** Is it a way that calls take only where a network blocks UDP: what is lost holds up what comes after. */
export function isDetour({ transport = "" }: PathFacts): boolean {
  return transport.startsWith("tcp") || / over (tcp|tls)$/.test(transport);
}
