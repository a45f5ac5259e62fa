/** A way that is gone for so long, in milliseconds, does not come back by itself. */
const patience = 2000;
/** Another way is looked for this often while there is none. */
const again = 8000;

/** When the media look for another way to the server, that is, when ICE restarts. */
export class Path {
  #restart: () => void;
  #broke: (broken: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `broke` hears when there is no way any more, and when there is one again. */
  constructor(restart: () => void, broke: (broken: boolean) => void) {
    this.#restart = restart;
    this.#broke = broke;
  }

  /** The connection's state changed. */
  state(state: RTCPeerConnectionState): void {
    if (state === "connected") {
      this.close();
      this.#broke(false);
    } else if (state === "failed") {
      this.#look();
    } else if (state === "disconnected") {
      this.#timer ??= setTimeout(() => this.#look(), patience);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), again);
    this.#broke(true);
    this.#restart();
  }
}
