// A made-up room, to draw the page without a server. Never shipped: only
// dev/main.tsx leads here. The address says who is there:
//
//   /r/yard?people=4&pictures=3&screen=1&muted=1&speaking=1&chat=1&enter=1&weak=2&paused=1
//   /r/yard?deny=both&code=device_busy&hears=-20&dark=1&way=tcp&down=2&lost=kicked&refuse=room_full&queued=1&trip=600&came=1&went=1
//   /r/yard?people=12&hands=3&guests=2&role=owner&waiting=2&react=1&mutedby=mic&askedby=mic&held=1&doors=1&token=1

import {
  type ChatEvents, type ChatMessage, ConnectionError, type Destination, type Device, type DeviceCode, DeviceError, type ErrorCode, type LocalEvents, type LocalSource, type Member,
  type Permission, type Role, type RoomEvents, type RoomState, ServerError, type SourceKind, type Standing, type Tile,
} from "../../sdk/index.ts";
import type { Backend, ChatPort, LocalPort, ModerationPort, RoomPort } from "../backend.ts";
import { paint } from "./paint.ts";

const asked = new URLSearchParams(location.search);
const number = (name: string, otherwise: number) => Number(asked.get(name) ?? otherwise);

const NAMES = ["김다인", "Ada Lovelace", "박서준", "Mina", "이하늘", "Noor Hassan", "José", "최은우", "Grace Hopper", "정유진"];

class Events<All> {
  #listeners = new Map<keyof All, Set<(value: never) => void>>();
  on<K extends keyof All>(event: K, listener: (value: All[K]) => void): () => void {
    const all = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, all.add(listener));
    return () => all.delete(listener);
  }
  emit<K extends keyof All>(event: K, value: All[K]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value as never);
  }
}

/** A microphone's track that nobody speaks into. */
const silence = () => new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0]!;

class FakeLocal extends Events<LocalEvents> implements LocalPort {
  mic = this.#source("mic");
  camera = this.#source("camera");
  screen = this.#source("screen");
  canShareScreen = asked.get("share") !== "0";
  devices: readonly Device[] = [
    { kind: "camera", id: "c1", label: "FaceTime HD Camera" }, { kind: "camera", id: "c2", label: "USB Camera" },
    { kind: "microphone", id: "m1", label: "MacBook Pro Microphone" }, { kind: "speaker", id: "s1", label: "MacBook Pro Speakers" },
  ];
  constructor() {
    super();
    setTimeout(() => {
      if (asked.has("came")) this.emit("devices", (this.devices = [...this.devices, ...(["microphone", "speaker"] as const).map((kind) => ({ kind, id: "new", label: "Jabra Evolve 65 (0b0e:030c)" }))]));
      if (asked.has("went")) this.emit("replaced", { kind: "camera", label: "USB Camera" });
    });
  }
  chosen() { return undefined; }
  async choose() {}
  async setMic(on: boolean) {
    this.#refuse("mic");
    this.mic = this.#change({ ...this.mic, state: on ? "live" : "muted", track: this.mic.track ?? silence() });
  }
  async setCamera(on: boolean) {
    this.#refuse("camera");
    const { track: _, ...rest } = this.camera;
    const track = paint("나", 30);
    if (asked.has("dark")) Object.defineProperty(track, "muted", { value: true });
    this.camera = this.#change(on ? { ...rest, state: "live", track } : { ...rest, state: "ended" });
  }
  facing = asked.get("phone") ? "user" as "user" | "environment" : undefined;
  async turnCamera() {
    this.facing = this.facing === "user" ? "environment" : "user";
    this.camera = this.#change({ ...this.camera, track: paint("나", this.facing === "user" ? 30 : 200) });
  }
  async setScreen(on: boolean) {
    this.screen = this.#change({ ...this.screen, state: on ? "live" : "ended" });
    return on;
  }
  level() { return 0.35 + 0.3 * Math.sin(performance.now() / 200); }
  loudness() { return Number(asked.get("hears") ?? -50); }
  close() {}
  #refuse(device: "mic" | "camera") {
    if (![device, "both"].includes(asked.get("deny") ?? "")) return;
    throw new DeviceError((asked.get("code") ?? "device_denied") as DeviceCode, device, "made up");
  }
  #source(kind: SourceKind): LocalSource { return { kind, state: "ended", busy: false }; }
  #change(source: LocalSource) {
    queueMicrotask(() => this.emit("change", source));
    return source;
  }
}

class FakeChat extends Events<ChatEvents> implements ChatPort {
  messages: readonly ChatMessage[] = [];
  caughtUp = true;
  send(text: string, { to, reply }: Destination = {}) {
    const cid = crypto.randomUUID();
    this.add({ cid, from: "me", name: "나", text, at: Date.now(), mine: true, state: text === "fail" ? "failed" : "sent", id: cid, ...(to && { to }), ...(reply && { reply }) });
    return cid;
  }
  retry() {}
  clear() { this.#set([]); }
  delete(id: string) { this.#set(this.messages.filter((message) => message.id !== id)); }
  typing() {}
  add(message: ChatMessage) { this.#set([...this.messages, { seq: this.messages.length + 1, ...message }]); }
  #set(messages: readonly ChatMessage[]) {
    this.messages = messages;
    this.emit("messages", messages);
  }
}

class FakeRoom extends Events<RoomEvents> implements RoomPort {
  state: RoomState = "idle";
  me = "me";
  members: readonly Member[] = [];
  chat = new FakeChat();
  lastError = undefined as RoomPort["lastError"];
  #tiles: readonly Tile[] = [];
  async connect() {}
  enter() { return this.join(); }
  async join() {
    if (asked.get("doors")) {
      this.#go("waiting");
      return new Promise<void>(() => {});
    }
    if (asked.has("queued")) {
      this.emit("queued", Date.now() + 20_000);
      return new Promise<void>(() => {});
    }
    const refused = asked.get("refuse");
    if (refused) throw new ServerError(refused as "room_full", "made up");
    this.#go("in");
    this.members = this.#people();
    this.emit("members", this.members);
    this.#pictures();
    this.emit("standing", this.#standing);
    if (asked.get("react")) setInterval(() => this.emit("reaction", { member: "m0", emoji: "👏" }), 900);
    const [muted, wanted] = [asked.get("mutedby"), asked.get("askedby")] as (SourceKind | null)[];
    if (muted) this.emit("muted", { source: muted, hold: asked.has("held"), by: "m0" });
    if (wanted) this.emit("asked", { source: wanted, by: "m0" });
    if (asked.get("chat")) this.#talk();
    if (asked.get("speaking")) this.#speak();
    if (asked.get("weak")) this.#weaken(number("weak", 0));
    if (asked.has("down")) this.emit("quality", new Map([["me", { up: 5, down: number("down", 5), why: "downlink" as const }]]));
    if (asked.get("blocked")) this.emit("audioBlocked", true);
    const lost = asked.get("lost");
    if (lost) {
      this.lastError = new ConnectionError(lost as ErrorCode as "kicked", "made up");
      setTimeout(() => this.#go(["kicked", "room_gone", "expired", "replaced"].includes(lost) ? "left" : "reconnecting"), 200);
    }
  }
  leave() { this.#go("left"); }
  view(wanted: readonly unknown[]) { this.emit("tiles", wanted.length > 0 ? this.#tiles : []); }
  async hand(up: boolean) { this.#change("me", ({ hand: _, ...me }) => (up ? { ...me, hand: 99 } : me)); }
  async react(emoji: string) { this.emit("reaction", { member: "me", emoji }); }
  moderation: ModerationPort = {
    lowerHand: async (id) => this.#change(id, ({ hand: _, ...member }) => member),
    setRole: async (id, role) => this.#change(id, (member) => ({ ...member, role })),
    mute: async (source, { member: id } = {}) => this.#change(id, (member) => (
      { ...member, sources: { ...member.sources, [source]: source === "screen" ? "ended" : "muted" } })),
    unmute: async () => {},
    kick: async (id) => this.emit("members", (this.members = this.members.filter((member) => member.id !== id))),
    lock: async (locked) => this.#stand({ locked }),
    admit: async (id) => this.#stand({ waiting: id ? this.#standing.waiting.filter(({ member }) => member !== id) : [] }),
    deny: async (id) => this.#stand({ waiting: this.#standing.waiting.filter(({ member }) => member !== id) }),
    slow: async (slow) => this.#stand({ slow }),
    spotlight: async (spotlight) => {
      const { spotlight: _, ...rest } = this.#standing;
      this.emit("standing", (this.#standing = { ...rest, ...(spotlight && { spotlight }) }));
    },
    clearChat: async () => this.chat.clear(),
    end: async () => {
      this.lastError = new ConnectionError("room_gone", "made up");
      this.#go("left");
    },
    invite: async () => ({ token: "eyJhbGciOiJIUzI1NiJ9.made.up", expires: Date.now() + 3_600_000 }),
  };
  #standing: Standing = {
    role: (asked.get("role") ?? "member") as Role,
    may: new Set<Permission>([
      "join", "subscribe", "chat", "hand", "react", ...(asked.get("role") === "guest" ? [] : ["mic", "camera", "screen", "private"] as const),
      ...(/owner|moderator/.test(asked.get("role") ?? "") ? ["moderate", "admin"] as const : []),
    ]),
    locked: false, slow: 0,
    waiting: NAMES.slice(0, number("waiting", 0)).map((name, i) => ({ member: `w${i}`, name })),
  };
  #stand(change: Partial<Standing>) { this.emit("standing", (this.#standing = { ...this.#standing, ...change })); }
  #change(id: string | undefined, change: (member: Member) => Member) {
    this.members = this.members.map((member) => (id === undefined ? !member.me : member.id === id) ? change(member) : member);
    this.emit("members", this.members);
  }
  carried = new Map([["0", { member: "me", source: "camera" }], ["4", { member: "m0", source: "camera" }]] as const);
  async stats() {
    const at = performance.now();
    const stream = (id: string, mid: string, rate: number, more: object) => ({
      id, mid, kind: "video", timestamp: at, codecId: "c", bytesReceived: rate * (at + 700 * Math.sin(at / 3000)), frameWidth: 1280, frameHeight: 720, framesPerSecond: 29.7 - 4 * Math.abs(Math.sin(at / 7000)), ...more,
    });
    return new Map([
      stream("in", "4", 180, { type: "inbound-rtp", jitter: 0.012, packetsReceived: at, packetsLost: at / 300 }),
      stream("out", "0", 64, { type: "outbound-rtp", rid: "h", scalabilityMode: "L1T3", qualityLimitationReason: "bandwidth" }),
      { id: "c", type: "codec", mimeType: "video/VP8" },
      { id: "l", type: "local-candidate", protocol: asked.get("way") ?? "udp", candidateType: "host" },
      { id: "p", type: "candidate-pair", localCandidateId: "l", nominated: asked.get("way") !== "none", state: "succeeded", currentRoundTripTime: number("trip", 34) / 1000 + 0.006 * Math.sin(at / 4000), availableOutgoingBitrate: 2_400_000 },
    ].map((stat) => [stat.id, stat])) as unknown as RTCStatsReport;
  }
  async startAudio() { this.emit("audioBlocked", false); }

  #go(state: RoomState) {
    this.state = state;
    this.emit("state", state);
  }

  #people(): Member[] {
    const others = Array.from({ length: number("people", 1) - 1 }, (_, i): Member => ({
      id: `m${i}`, name: (NAMES[i % NAMES.length] ?? "") + (i < NAMES.length ? "" : ` ${i}`), state: i === number("reconnecting", 0) - 1 ? "reconnecting" : "in", me: false,
      role: i < number("guests", 0) ? "guest" : i === 5 ? "moderator" : "member", held: [], ...(i < number("hands", 0) ? { hand: 10 - i } : {}),
      sources: {
        mic: i < number("muted", 0) ? "muted" : "live",
        ...(i < number("pictures", 99) ? { camera: "live" as const } : {}),
        ...(i < number("screen", 0) ? { screen: "live" as const } : {}),
      },
    }));
    return [...others, { id: "me", name: "나", state: "in", me: true, role: this.#standing.role, held: asked.has("held") ? ["mic"] : [], sources: { mic: "live", camera: "live" } }];
  }

  #pictures() {
    this.#tiles = this.members.filter((member) => !member.me).flatMap((member) => [
      ...(member.sources.camera ? [this.#tile(member, "camera")] : []),
      ...(member.sources.screen ? [this.#tile(member, "screen")] : []),
    ]);
    this.emit("tiles", this.#tiles);
  }

  #tile(member: Member, source: "camera" | "screen"): Tile {
    const track = source === "screen" ? paint("", 0, true) : paint(member.name, Number(member.id.slice(1)) * 47);
    return {
      key: `${member.id}${source}`, member: member.id, source, ...(Number(member.id.slice(1)) < number("paused", 0) ? { why: "bandwidth" as const } : {}),
      attach(video) {
        video.srcObject = new MediaStream([track]);
        void video.play().catch(() => undefined); // taken off the page before it played
        return () => (video.srcObject = null);
      },
    };
  }

  #speak() {
    setInterval(() => this.emit("speakers", [{ member: `m${number("speaking", 1) - 1}`, level: 0.6 }]), 200);
  }

  #weaken(many: number) {
    const whys = ["uplink", "downlink", "server"] as const;
    const ids = ["me", ...this.members.filter(({ me }) => !me).map(({ id }) => id)].slice(0, many);
    this.emit("quality", new Map(ids.map((id, i) => [id, { up: 1 + (i % 3), down: 5, why: whys[i % 3]! }])));
  }

  #talk() {
    const began = Date.now() - 20 * 60_000;
    const say = (i: number, from: string, text: string, more: Partial<ChatMessage> = {}) => this.chat.add({
      cid: `c${i}`, id: `c${i}`, from, name: this.members.find((member) => member.id === from)?.name ?? "?", text,
      at: began + i * 140_000, mine: from === "me", state: "sent", ...more,
    });
    if (asked.get("chat") === "3") return this.#talkAtLength(say);
    const texts = [
      ["m0", "안녕하세요, 다들 잘 들리나요?"], ["m1", "Loud and clear."], ["m1", "The draft is here: https://example.org/notes/yard.pdf (page 3)"],
      ["me", "고마워요. 바로 읽어 볼게요."], ["m2", "저는 조금 뒤에 화면을 공유할게요. 그 전에 지난주에 정한 내용을 먼저 같이 살펴보면 어떨까요?"], ["m0", "네 좋아요"],
    ] as const;
    texts.forEach(([from, text], i) => setTimeout(() => say(i, from, text), i < 3 ? 0 : 300));
    if (asked.get("chat") === "2") setTimeout(() => this.chat.send("fail"), 400);
  }

  /** A talk with everything that lines may have. */
  #talkAtLength(say: (i: number, from: string, text: string, more?: Partial<ChatMessage>) => void) {
    say(0, "m0", "내일 **세 시**에 마당에서 만나요.", { at: Date.now() - 30 * 3_600_000 });
    say(1, "m1", "I'll bring:\n- *two* chairs\n- `madang` on a stick\n- https://example.org/yard");
    say(2, "me", "👏🎉");
    say(3, "m0", "1. 의자\n2. **마이크**\n3. 간식", { reply: "c1" });
    say(4, "m1", "Run this before:\n```\nmadang serve --config yard.yaml\n```\nand tell me **what it says**.");
    say(5, "me", "/me waves at everybody in the yard");
    say(6, "me", "의자는 제가 옮길게요.", { reply: "c3" });
    say(7, "me", "그리고 물도요.");
    say(8, "m1", "Can you let me in later, quietly?", { to: "me" });
    say(9, "me", "Sure, knock twice.", { to: "m1", reply: "c8" });
    this.chat.send("fail");
  }
}

export const fake: Backend = {
  local: () => new FakeLocal(),
  room: () => new FakeRoom(),
  returning: () => (asked.has("enter") ? { name: "나", mic: true, camera: true } : undefined),
  info: async () => ({ password: asked.get("password") === "1", token: asked.get("token") === "1" }),
};
