// Our own microphone, camera and screen as signals, with what went wrong.

import { signal } from "@preact/signals";
import { type Device, type DeviceCode, DeviceError, type DeviceKind, type MadangError } from "../sdk/index.ts";
import type { LocalPort } from "./backend.ts";

/** What a device's trouble is about, and its code. */
export interface DeviceTrouble {
  readonly device: DeviceError["device"];
  readonly code: DeviceCode | MadangError["code"];
}

/** One per page. Nothing here throws: what fails is shown in `trouble`. */
export class Devices {
  readonly mic;
  readonly camera;
  readonly screen;
  readonly list;
  /** The newest trouble of each device, until it works or the user waves it away. */
  readonly trouble = signal<readonly DeviceTrouble[]>([]);
  /** What was plugged in since the page was opened, until it is used or waved away. */
  readonly came = signal<readonly Device[]>([]);
  /** What went away last while it was in use, until another is chosen or that is waved away. */
  readonly went = signal<{ readonly kind: DeviceKind; readonly label: string } | undefined>(undefined);
  readonly #local: LocalPort;
  #closed = false;

  constructor(local: LocalPort) {
    this.#local = local;
    this.mic = signal(local.mic);
    this.camera = signal(local.camera);
    this.screen = signal(local.screen);
    this.list = signal(local.devices);
    local.on("change", () => {
      this.mic.value = local.mic;
      this.camera.value = local.camera;
      this.screen.value = local.screen;
    });
    local.on("devices", (devices) => {
      const known = this.came.value.filter(({ id }) => devices.some((device) => device.id === id));
      this.came.value = [...known, ...newOnes(this.list.value, devices)];
      this.list.value = devices;
    });
    local.on("replaced", (lost) => (this.went.value = lost));
    local.on("error", (error) => this.#report(error.device, error));
  }

  get canShareScreen(): boolean {
    return this.#local.canShareScreen;
  }

  /** How loud the microphone is now, 0 to 1. */
  level(): number {
    return this.#local.level();
  }

  /** How loud it is at the microphone now, in dBFS, while muted too; undefined where that is not known. */
  loudness(): number | undefined {
    return this.#local.loudness();
  }

  /** Switches on what is to be on, from the devices that were chosen before. */
  begin({ mic, camera, chosen }: { mic: boolean; camera: boolean; chosen: Readonly<Partial<Record<DeviceKind, string>>> }): void {
    for (const kind of ["microphone", "camera", "speaker"] as const) {
      const id = chosen[kind];
      if (id) void this.choose(kind, id);
    }
    if (camera) void this.setCamera(true);
    if (mic) void this.setMic(true);
  }

  setMic(on: boolean): Promise<void> {
    return this.#try("mic", () => this.#local.setMic(on));
  }

  setCamera(on: boolean): Promise<void> {
    return this.#try("camera", () => this.#local.setCamera(on));
  }

  /** Is our picture shown as in a mirror: not what lies before a phone. */
  get mirrored(): boolean {
    return this.#local.facing !== "environment";
  }

  /** Is there a camera that looks the other way. */
  get canTurn(): boolean {
    return this.#local.facing !== undefined && this.list.value.filter(({ kind }) => kind === "camera").length > 1;
  }

  turnCamera(): Promise<void> {
    return this.#try("camera", () => this.#local.turnCamera());
  }

  setScreen(on: boolean): Promise<void> {
    return this.#try("screen", () => this.#local.setScreen(on));
  }

  chosen(kind: DeviceKind): string | undefined {
    return this.#local.chosen(kind);
  }

  choose(kind: DeviceKind, id: string): Promise<void> {
    const device = kind === "microphone" ? "mic" : kind;
    this.came.value = this.came.value.filter((came) => came.kind !== kind);
    if (this.went.value?.kind === kind) this.went.value = undefined;
    return this.#try(device, () => this.#local.choose(kind, id));
  }

  /** Plays something where the others will be heard. */
  testSpeaker(play: (speaker: string | undefined) => Promise<void>): Promise<void> {
    return this.#try("speaker", () => play(this.chosen("speaker")));
  }

  /** Tries again what failed. */
  retry(device: DeviceError["device"]): Promise<void> {
    if (device === "mic") return this.setMic(true);
    if (device === "camera") return this.setCamera(true);
    this.dismiss(device);
    return Promise.resolve();
  }

  dismiss(device: DeviceError["device"]): void {
    this.trouble.value = this.trouble.value.filter((trouble) => trouble.device !== device);
  }

  /** Lets every device go. */
  close(): void {
    this.#closed = true;
    this.#local.close();
  }

  async #try(device: DeviceError["device"], act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      this.dismiss(device);
      // Granted only after the page had gone on: its light must not stay lit.
      if (this.#closed) this.#local.close();
    } catch (error) {
      this.#report(device, error);
    }
  }

  #report(device: DeviceError["device"], error: unknown): void {
    const code = error instanceof DeviceError ? error.code : "device_failed";
    this.dismiss(device);
    this.trouble.value = [...this.trouble.value, { device, code }];
  }
}

/** What is in the list now and was not. Of a kind whose labels were not to be seen before, nothing is new. */
function newOnes(before: readonly Device[], now: readonly Device[]): Device[] {
  const knew = new Set(before.filter(({ label }) => label).map(({ kind }) => kind));
  const ids = new Set(before.map(({ id }) => id));
  return now.filter(({ kind, id, label }) => label && knew.has(kind) && !ids.has(id));
}
