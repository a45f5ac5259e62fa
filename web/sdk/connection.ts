import { rids } from "./layers.ts";
import type { Lines, Lobby } from "./wire.ts";
import type { SourceKind } from "./types.ts";

/** One tile's two lines. */
export interface PairLines {
  readonly video: RTCRtpTransceiver;
  readonly audio: RTCRtpTransceiver;
}

export interface ConnectionEvents {
  /** A candidate for the server; empty: there are no more. */
  candidate(text: string): void;
  state(state: RTCPeerConnectionState): void;
}

/** Transceiver with what TypeScript's DOM types do not know yet. */
type Extensible = RTCRtpTransceiver & {
  getHeaderExtensionsToNegotiate?(): { uri: string; direction: RTCRtpTransceiverDirection }[];
  setHeaderExtensionsToNegotiate?(extensions: { uri: string; direction: RTCRtpTransceiverDirection }[]): void;
};

const dependencyDescriptor = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

/**
 * The peer connection: four lines to send on, slots to receive on, the chat
 * channel. All of it is offered at once, and nobody coming or going changes it;
 * only a screen with more tiles than slots leads to another offer.
 */
export class Connection {
  readonly pc: RTCPeerConnection;
  readonly chat: RTCDataChannel;
  readonly pairs: PairLines[] = [];
  readonly voices: RTCRtpTransceiver[] = [];
  /** How often the browser wanted to negotiate without our doing. */
  negotiationsNeeded = 0;
  #send = new Map<SourceKind, RTCRtpTransceiver>();
  #codecs: string[];
  #negotiating = true;

  constructor(lobby: Lobby, events: ConnectionEvents) {
    this.#codecs = lobby.codecs;
    this.pc = new RTCPeerConnection({ iceServers: lobby.ice, bundlePolicy: "max-bundle" });
    this.pc.onicecandidate = (event) => events.candidate(event.candidate?.candidate ?? "");
    this.pc.onconnectionstatechange = () => events.state(this.pc.connectionState);
    this.pc.onnegotiationneeded = () => void (this.negotiationsNeeded += this.#negotiating ? 0 : 1);
    this.chat = this.pc.createDataChannel("chat", { negotiated: true, id: 0, ordered: true });
    this.#addSendLines(lobby.bitrates);
    this.#addPairs(lobby.slots.pairs);
    for (let i = 0; i < lobby.slots.audio; i++) this.voices.push(this.#add("audio", { direction: "recvonly" }));
  }

  /** Is every offer answered. */
  get settled(): boolean {
    return !this.#negotiating;
  }

  /** Which of our lines is which source, once offered. */
  get lines(): Lines {
    return Object.fromEntries([...this.#send].map(([kind, line]) => [line.mid!, kind]));
  }

  /** The sender of one of our sources. */
  sender(kind: SourceKind): RTCRtpSender {
    return this.#send.get(kind)!.sender;
  }

  /** Adds pairs up to `count`; an offer must follow, and be tried again if it fails. */
  grow(count: number): void {
    this.#negotiating = true;
    this.#addPairs(count - this.pairs.length);
  }

  /** Uses these ICE servers from the next restart on. */
  useServers(iceServers: RTCIceServer[]): void {
    this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers });
  }

  /** Makes an offer and applies it; one that restarts ICE looks for another way for the media. */
  async offer(iceRestart = false): Promise<{ sdp: string; lines: Lines }> {
    this.#negotiating = true;
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart }));
    return { sdp: this.pc.localDescription!.sdp, lines: this.lines };
  }

  /** Applies the answer to the offer before. */
  async answer(sdp: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: "answer", sdp });
    this.#negotiating = false;
  }

  async addCandidate(candidate: string): Promise<void> {
    const line = candidate.startsWith("candidate:") || !candidate ? candidate : `candidate:${candidate}`;
    await this.pc.addIceCandidate({ candidate: line, sdpMLineIndex: 0 }).catch(() => undefined); // a candidate that does not parse only misses one way
  }

  close(): void {
    this.pc.onicecandidate = this.pc.onconnectionstatechange = this.pc.onnegotiationneeded = null;
    this.pc.close();
  }

  #addSendLines(bitrates: Lobby["bitrates"]): void {
    const add = (kind: SourceKind, media: "audio" | "video", sendEncodings: RTCRtpEncodingParameters[]) =>
      void this.#send.set(kind, this.#add(media, { direction: "sendonly", sendEncodings }));
    // Without a mode Chromium takes several RIDs of VP9 or AV1 for one SVC stream and sends the smallest alone.
    const simulcast = rids.map((rid, i) => ({ rid, scalabilityMode: "L1T3", scaleResolutionDownBy: 4 / 2 ** i, maxBitrate: bitrates[rid] }));
    add("mic", "audio", [{}]);
    add("camera", "video", simulcast);
    add("screen", "video", [{ maxBitrate: bitrates.screen }]);
    add("screen-audio", "audio", [{}]);
  }

  /** Among the new lines of an offer the k-th video belongs to the k-th audio. */
  #addPairs(count: number): void {
    for (let i = 0; i < count; i++) {
      const video = this.#add("video", { direction: "recvonly" });
      this.pairs.push({ video, audio: this.#add("audio", { direction: "recvonly" }) });
    }
  }

  /** Adds a line. Every line of a kind has the same codecs in the same order: payload types collide otherwise. */
  #add(media: "audio" | "video", init: RTCRtpTransceiverInit): RTCRtpTransceiver {
    const line: Extensible = this.pc.addTransceiver(media, init);
    const codecs = RTCRtpReceiver.getCapabilities(media)?.codecs;
    if (codecs) line.setCodecPreferences?.(this.#preferred(codecs));
    const extensions = media === "video" ? line.getHeaderExtensionsToNegotiate?.() : undefined;
    if (extensions) {
      for (const extension of extensions) if (extension.uri === dependencyDescriptor) extension.direction = "sendrecv";
      line.setHeaderExtensionsToNegotiate?.(extensions);
    }
    return line;
  }

  /**
   * All codecs of the browser, those that are best sent first: RED, as its packets
   * make good for those lost before, and pictures in the server's order.
   */
  #preferred(codecs: RTCRtpCodec[]): RTCRtpCodec[] {
    const best = ["audio/red", ...this.#codecs.map((name) => `video/${name}`)];
    const rank = ({ mimeType }: RTCRtpCodec) => {
      const at = best.indexOf(mimeType.toLowerCase());
      return at < 0 ? best.length : at;
    };
    return [...codecs].sort((a, b) => rank(a) - rank(b)); // stable: the browser's order within
  }
}
