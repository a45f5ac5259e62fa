/** Quietest that still shows, in dBFS. */
const floor = -60;

/** How loud a track is, for a meter beside the microphone. */
export class Meter {
  #context: AudioContext | undefined;
  #node: { source: MediaStreamAudioSourceNode; analyser: AnalyserNode } | undefined;
  #samples = new Float32Array(512);

  /** Listens to this track from now on; undefined: to nothing. */
  listen(track: MediaStreamTrack | undefined): void {
    this.#node?.source.disconnect();
    this.#node = undefined;
    if (!track) return void this.#context?.suspend();
    this.#context ??= startedContext();
    void this.#context.resume();
    const source = this.#context.createMediaStreamSource(new MediaStream([track]));
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = this.#samples.length;
    source.connect(analyser);
    this.#node = { source, analyser };
  }

  /** How loud it is now, 0 to 1, even to the ear: 0 is −60 dBFS. */
  level(): number {
    if (!this.#node) return 0;
    this.#node.analyser.getFloatTimeDomainData(this.#samples);
    let power = 0;
    for (const sample of this.#samples) power += sample * sample;
    const decibels = 10 * Math.log10(power / this.#samples.length || 1e-12);
    return Math.min(1, Math.max(0, 1 - decibels / floor));
  }

  close(): void {
    this.listen(undefined);
    void this.#context?.close();
    this.#context = undefined;
  }
}

/** A context that starts at the user's first gesture, if the browser wants one. */
function startedContext(): AudioContext {
  const context = new AudioContext();
  if (context.state === "suspended") addEventListener("pointerdown", () => void context.resume(), { once: true });
  return context;
}
