/** Stops listening. */
export type Off = () => void;

/** Something whose changes can be listened to. */
export class Emitter<Events> {
  #listeners = new Map<keyof Events, Set<(value: never) => void>>();

  /** Calls `listener` at each `event` from now on. */
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): Off {
    let set = this.#listeners.get(event);
    if (!set) this.#listeners.set(event, (set = new Set()));
    set.add(listener);
    return () => void set.delete(listener);
  }

  /** Tells everybody; a listener that throws spoils nothing for the others. */
  protected emit<K extends keyof Events>(event: K, value: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        (listener as (value: Events[K]) => void)(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
