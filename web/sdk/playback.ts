/** setSinkId is missing in some browsers. */
type Sinkable = HTMLAudioElement & { setSinkId?(id: string): Promise<void> };

/**
 * Plays what comes on the audio lines. Each line has an element of its own: not
 * every browser mixes the tracks of one stream.
 */
export class Playback {
  #elements = new Map<RTCRtpTransceiver, Sinkable>();
  #sink: string | undefined;
  #blocked = false;
  #changed: (blocked: boolean) => void;

  /** `changed` hears whether the browser wants a gesture of the user first. */
  constructor(changed: (blocked: boolean) => void) {
    this.#changed = changed;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** Plays these lines from now on; those that it knows play on. */
  play(lines: readonly RTCRtpTransceiver[]): void {
    for (const line of lines) {
      if (this.#elements.has(line)) continue;
      const element: Sinkable = new Audio();
      this.#elements.set(line, element);
      element.srcObject = new MediaStream([line.receiver.track]);
      element.onpause = () => void this.#play(element); // a phone call interrupts; nobody else pauses it
      if (this.#sink) void element.setSinkId?.(this.#sink).catch(() => undefined);
      void this.#play(element);
    }
  }

  /** Plays everything; to be called in a gesture of the user. */
  async start(): Promise<void> {
    this.#block(false);
    await Promise.all([...this.#elements.values()].map((element) => this.#play(element)));
  }

  /** Plays on this device from now on. */
  async setSink(id: string): Promise<void> {
    this.#sink = id;
    await Promise.all([...this.#elements.values()].map((element) => element.setSinkId?.(id)));
  }

  close(): void {
    for (const element of this.#elements.values()) {
      element.onpause = null;
      element.srcObject = null;
    }
    this.#elements.clear();
    this.#block(false);
  }

  async #play(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      if ((error as Error).name === "NotAllowedError") this.#block(true);
    }
  }

  #block(blocked: boolean): void {
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#changed(blocked);
  }
}
