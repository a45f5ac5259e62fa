import { captureScreen, captureUser } from "./capture.ts";
import { Emitter } from "./emitter.ts";
import { DeviceError } from "./errors.ts";
import { Meter } from "./meter.ts";
import type { Device, DeviceKind, Facing, LocalSource, SourceKind } from "./types.ts";

/** What our own media tell. */
export interface LocalEvents {
  /** One of our sources changed: `local.mic`, `local.camera`, … hold the new snapshot. */
  change: LocalSource;
  /** A device came, went, or got its label. */
  devices: readonly Device[];
  /** Another device was chosen. */
  chosen: { readonly kind: DeviceKind; readonly id: string };
  /** A device that was chosen or in use went away, and another one has taken its place. */
  replaced: { readonly kind: DeviceKind; readonly label: string };
  /** A device failed outside of a call that could throw, such as being unplugged. */
  error: DeviceError;
}

const deviceKinds: Readonly<Record<MediaDeviceKind, DeviceKind>> = {
  audioinput: "microphone", videoinput: "camera", audiooutput: "speaker",
};

type Caught = "mic" | "camera";

/** What a meter shows as nothing, in dBFS. */
const quietest = -60;

/** Our own microphone, camera and screen. It lives before and after a room: the lobby's preview uses it. */
export class LocalMedia extends Emitter<LocalEvents> {
  #sources: Record<SourceKind, LocalSource> = {
    mic: { kind: "mic", state: "ended", busy: false },
    camera: { kind: "camera", state: "ended", busy: false },
    screen: { kind: "screen", state: "ended", busy: false },
    "screen-audio": { kind: "screen-audio", state: "ended", busy: false },
  };
  #devices: readonly Device[] = [];
  #chosen: Partial<Record<DeviceKind, string>> = {};
  #facing: Facing | undefined;
  #meter = new Meter();
  /** Switching one source on and off never overlaps: the next wish waits for the one before. */
  #turn: Record<Caught | "screen", Promise<unknown>> = { mic: Promise.resolve(), camera: Promise.resolve(), screen: Promise.resolve() };
  #refresh = () => void this.#listDevices();

  constructor() {
    super();
    navigator.mediaDevices?.addEventListener("devicechange", this.#refresh);
    this.#refresh();
  }

  /** Our microphone now, as a snapshot; `change` tells of another. */
  get mic(): LocalSource { return this.#sources.mic; }
  /** Our camera now. */
  get camera(): LocalSource { return this.#sources.camera; }
  /** The screen or window that we share now. */
  get screen(): LocalSource { return this.#sources.screen; }
  /** The sound of what we share now. */
  get screenAudio(): LocalSource { return this.#sources["screen-audio"]; }
  /** The four sources, for those that treat them alike. */
  get sources(): readonly LocalSource[] { return Object.values(this.#sources); }

  /** Where our camera looks, as far as it says: those of phones do. */
  get facing(): Facing | undefined { return this.camera.track?.getSettings().facingMode as Facing | undefined; }

  /** Can this browser share a screen at all. */
  get canShareScreen(): boolean { return Boolean(navigator.mediaDevices?.getDisplayMedia); }
  /** Every device, for choosing. Labels are empty until something was allowed. */
  get devices(): readonly Device[] { return this.#devices; }

  /** Which device of a kind is in use or will be; undefined: the system's choice. */
  chosen(kind: DeviceKind): string | undefined {
    const track = kind === "microphone" ? this.mic.track : kind === "camera" ? this.camera.track : undefined;
    return track?.getSettings().deviceId ?? this.#chosen[kind];
  }

  /** Uses another device from now on, at once if the source is live. Throws DeviceError. */
  async choose(kind: DeviceKind, id: string): Promise<void> {
    this.#chosen[kind] = id;
    if (kind === "camera") this.#facing = undefined;
    if (kind === "microphone") await this.#recapture("mic");
    if (kind === "camera") await this.#recapture("camera");
    this.emit("chosen", { kind, id });
  }

  /** On: catches sound. Off: mutes, and keeps the device, so that unmuting is instant. Throws DeviceError. */
  setMic(on: boolean): Promise<void> {
    return this.#inTurn("mic", async () => {
      const { track } = this.mic;
      if (on && !track) return this.#catch("mic");
      if (!track) return;
      track.enabled = on;
      this.#set("mic", { state: on ? "live" : "muted", track });
    });
  }

  /** On: catches pictures. Off: lets the camera go, its light goes out. Throws DeviceError. */
  setCamera(on: boolean): Promise<void> {
    return this.#inTurn("camera", async () => {
      if (on === (this.camera.state === "live")) return;
      if (on) return this.#catch("camera");
      this.#release("camera");
      if (this.camera.state === "live") this.#set("camera", { state: "muted" });
    });
  }

  /** Turns to the camera that looks the other way, as phones have two. Throws DeviceError; the camera is off then. */
  async turnCamera(): Promise<void> {
    const before = this.facing;
    this.#facing = before === "environment" ? "user" : "environment";
    try {
      await this.#recapture("camera");
    } catch (error) {
      this.#facing = before;
      this.stop("camera");
      throw error;
    }
  }

  /** On: asks for a screen or window, with its sound if it has any. Resolves to false if the user changed their mind. Throws DeviceError. */
  setScreen(on: boolean): Promise<boolean> {
    return this.#inTurn("screen", async () => {
      if (on === (this.screen.state === "live")) return true;
      if (!on) return this.#endScreen();
      this.#set("screen", { state: "ended", busy: true });
      const caught = await captureScreen().finally(() => this.#set("screen", { state: "ended" }));
      if (!caught) return false;
      caught.video.onended = () => void this.setScreen(false); // the browser's own "stop sharing"
      this.#set("screen", { state: "live", track: caught.video });
      if (caught.audio) this.#set("screen-audio", { state: "live", track: caught.audio });
      return true;
    });
  }

  /** Lets the device of a source go, and ends the source. */
  stop(kind: SourceKind): void {
    this.#release(kind);
    if (this.#sources[kind].state !== "ended") this.#set(kind, { state: "ended" });
  }

  /** How loud the microphone is now, 0 to 1, even to the ear; for a meter, at each animation frame. 0 while muted. */
  level(): number {
    const loudness = this.mic.state === "live" ? this.loudness() ?? -Infinity : -Infinity;
    return Math.min(1, Math.max(0, 1 - loudness / quietest));
  }

  /**
   * How loud it is at the microphone now, in dBFS, while muted too: to tell somebody who talks that they are muted, or
   * somebody who is not that the device gives no sound (−Infinity: not even noise). Undefined where it is not known.
   */
  loudness(): number | undefined { return this.#meter.loudness(); }

  /** Lets every device go. */
  close(): void {
    navigator.mediaDevices?.removeEventListener("devicechange", this.#refresh);
    for (const { kind } of this.sources) this.stop(kind);
    this.#meter.close();
  }

  /** Catches a device and publishes it as live. */
  async #catch(kind: Caught): Promise<void> {
    const before = this.#sources[kind];
    this.#set(kind, { ...before, busy: true });
    try {
      const track = await (kind === "mic" ? captureUser(kind, this.#chosen.microphone) : captureUser(kind, this.#chosen.camera, this.#facing));
      this.#release(kind);
      track.onended = () => void this.#lost(kind);
      track.onmute = track.onunmute = () => this.#set(kind, { ...this.#sources[kind], track }); // the system's doing: a call, a hidden page
      if (kind === "mic") this.#meter.listen(track);
      this.#set(kind, { state: "live", track });
    } catch (error) {
      this.#set(kind, before);
      throw error;
    }
    this.#refresh(); // labels show from now on
  }

  /** Changes the device of a source that has one; a muted source stays muted. */
  #recapture(kind: Caught): Promise<void> {
    return this.#inTurn(kind, async () => {
      const { state, track } = this.#sources[kind];
      if (!track) return;
      if (kind === "mic" || this.#facing) this.#release(kind); // some systems open one microphone at a time, phones one camera
      await this.#catch(kind);
      if (state !== "muted") return;
      this.#sources[kind].track!.enabled = false;
      this.#set(kind, { state, track: this.#sources[kind].track! });
    });
  }

  /** The device went away: another one takes over, or the source ends. */
  async #lost(caught: Caught): Promise<void> {
    const kind = caught === "mic" ? "microphone" : "camera";
    const { label = "" } = this.#sources[caught].track ?? {};
    delete this.#chosen[kind];
    try {
      await this.#recapture(caught);
      this.emit("replaced", { kind, label });
    } catch {
      this.#release(caught);
      this.#set(caught, { state: "ended" });
      this.emit("error", new DeviceError("device_missing", caught, "the device went away"));
    }
  }

  #endScreen(): boolean {
    for (const kind of ["screen", "screen-audio"] as const) this.stop(kind);
    return true;
  }

  #release(kind: SourceKind): void {
    const { track } = this.#sources[kind];
    if (!track) return;
    track.onended = track.onmute = track.onunmute = null;
    track.stop();
    if (kind === "mic") this.#meter.listen(undefined);
  }

  #set(kind: SourceKind, source: { state: LocalSource["state"]; track?: MediaStreamTrack; busy?: boolean }): void {
    this.#sources[kind] = { busy: false, ...source, kind };
    this.emit("change", this.#sources[kind]);
  }

  #inTurn<T>(kind: Caught | "screen", act: () => Promise<T> | T): Promise<T> {
    const done = this.#turn[kind].then(act, act);
    this.#turn[kind] = done.catch(() => undefined);
    return done;
  }

  async #listDevices(): Promise<void> {
    const infos = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const before = this.#devices;
    this.#devices = infos
      .filter((info) => info.deviceId)
      .map(({ kind, deviceId, label }) => ({ kind: deviceKinds[kind], id: deviceId, label }));
    this.emit("devices", this.#devices);
    const speaker = (among: readonly Device[]) => among.find(({ kind, id }) => kind === "speaker" && id === this.#chosen.speaker);
    const lost = speaker(before);
    if (!lost || speaker(this.#devices)) return;
    delete this.#chosen.speaker;
    this.emit("chosen", { kind: "speaker", id: "" }); // the system's choice
    this.emit("replaced", lost);
  }
}
