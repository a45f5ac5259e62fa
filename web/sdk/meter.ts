/** How loud a track is, whether it is muted or not: it listens to a copy of it. */
export class Meter {
  #context: AudioContext | undefined;
  #node: { ear: MediaStreamTrack; source: MediaStreamAudioSourceNode; analyser: AnalyserNode } | undefined;
  #samples = new Float32Array(512);

  /** Listens to this track from now on; undefined: to nothing. */
  listen(track: MediaStreamTrack | undefined): void {
    this.#node?.source.disconnect();
    this.#node?.ear.stop(); // else the device would stay in use
    this.#node = undefined;
    if (!track) return void this.#context?.suspend();
    this.#context ??= startedContext();
    void this.#context.resume();
    const ear = track.clone();
    ear.enabled = true;
    const source = this.#context.createMediaStreamSource(new MediaStream([ear]));
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = this.#samples.length;
    source.connect(analyser);
    this.#node = { ear, source, analyser };
  }

  /** How loud it is now, in dBFS; −Infinity: not even noise. Undefined: it listens to nothing, or the browser does not let it yet. */
  loudness(): number | undefined {
    if (!this.#node || this.#context!.state !== "running") return undefined;
    this.#node.analyser.getFloatTimeDomainData(this.#samples);
    let power = 0;
    for (const sample of this.#samples) power += sample * sample;
    return 10 * Math.log10(power / this.#samples.length);
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
