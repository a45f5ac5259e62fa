// As much of a browser as a Room needs, with a server in place of each WebSocket,
// so that what a session goes through costs no time.

/** Every WebSocket that was opened, in order. */
export const sockets = [];

/** A WebSocket to `server`, which answers what it likes; undefined: nobody is there. */
class FakeWebSocket {
  static OPEN = 1;
  static server;
  readyState = 0;
  sent = [];
  constructor(url) {
    this.url = url;
    sockets.push(this);
    const { server } = FakeWebSocket;
    queueMicrotask(() => {
      if (this.readyState !== 0) return;
      if (!server) return this.drop(1006);
      this.server = server;
      this.readyState = 1;
      this.onopen?.();
    });
  }
  send(text) {
    const message = JSON.parse(text);
    this.sent.push(message);
    queueMicrotask(() => this.server.hear?.(message, this));
  }
  close(code) {
    this.readyState = 3;
    this.closedWith = code;
  }
  /** What the server says. */
  say(message) {
    if (this.readyState === 1) this.onmessage({ data: JSON.stringify(message) });
  }
  drop(code) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose({ code, reason: "" });
  }
}

/** Who answers at every address from now on. */
export function serve(server) {
  FakeWebSocket.server = server;
}

class FakeConnection {
  static all = [];
  connectionState = "new";
  offers = [];
  lines = [];
  constructor(configuration) {
    this.configuration = configuration;
    FakeConnection.all.push(this);
  }
  createDataChannel() { return { readyState: "connecting" }; }
  addTransceiver(kind) {
    const sender = { replaceTrack: async () => {}, getParameters: () => ({ encodings: [{}] }), setParameters: async () => {} };
    const line = { mid: null, sender, receiver: { track: { kind }, getSynchronizationSources: () => [] } };
    this.lines.push(line);
    return line;
  }
  async createOffer({ iceRestart }) { return this.offers.push({ iceRestart }) && { sdp: `offer ${this.offers.length}` }; }
  async setLocalDescription(description) {
    this.localDescription = description;
    this.lines.forEach((line, i) => (line.mid = String(i)));
  }
  async setRemoteDescription() {}
  getConfiguration() { return this.configuration; }
  setConfiguration(configuration) { this.configuration = configuration; }
  async getStats() { return new Map(); }
  close() { this.connectionState = "closed"; }
  /** The browser says how the media fare. */
  become(state) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

export const connections = FakeConnection.all;

const page = new EventTarget();
/** The page's own events: online, pagehide. */
export const happen = (type) => page.dispatchEvent(new Event(type));

const storage = new Map();
/** What the tab keeps over a reload. */
export const tab = storage;

class FakeMediaStream {}
class FakeAudio { async play() {} }

Object.assign(globalThis, {
  WebSocket: FakeWebSocket,
  RTCPeerConnection: FakeConnection,
  RTCRtpReceiver: { getCapabilities: () => undefined },
  MediaStream: FakeMediaStream,
  Audio: FakeAudio,
  devicePixelRatio: 1,
  location: { origin: "http://there" },
  document: Object.assign(new EventTarget(), { hidden: false }),
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
  sessionStorage: {
    getItem: (key) => storage.get(key) ?? null,
    setItem: (key, value) => storage.set(key, value),
    removeItem: (key) => storage.delete(key),
  },
});
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true }); // newer Nodes have one, for reading only
