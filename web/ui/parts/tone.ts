// A sound to hear whether one hears.

/** Two notes, a fifth apart, as of a small bell: frequency in hertz, and when in seconds. */
const notes = [[392, 0], [587, 0.35]] as const;
const fades = 1.1;
/** All of it, with the way to the ear. */
const seconds = 1.7;

/** An audio element that may play elsewhere; not every browser's does. */
type Sinkable = HTMLAudioElement & { setSinkId?(id: string): Promise<void> };

/** Plays it on a loudspeaker, or on that of the system; resolves when it is over. Call it in a click. Throws what the browser throws. */
export async function playTone(speaker: string | undefined): Promise<void> {
  const context = new AudioContext();
  try {
    const out = context.createMediaStreamDestination();
    const element: Sinkable = new Audio();
    if (speaker) await element.setSinkId?.(speaker);
    element.srcObject = out.stream;
    await Promise.all([context.resume(), element.play()]);
    for (const [hertz, at] of notes) ring(context, out, hertz, context.currentTime + at);
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds)); // its clock stands where nothing can sound
    element.srcObject = null;
  } finally {
    void context.close();
  }
}

/** One note that swells at once and fades. */
function ring(context: AudioContext, out: AudioNode, hertz: number, at: number): void {
  const loudness = context.createGain();
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.3, at + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + fades);
  const note = context.createOscillator();
  note.frequency.value = hertz;
  note.connect(loudness).connect(out);
  note.start(at);
  note.stop(at + fades);
}
