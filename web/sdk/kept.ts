// What a tab keeps of its session, so that it is the same member after it was loaded anew.

/** What is older, in milliseconds, is no reload any more: the server has forgotten it, or the user has. */
const fresh = 40_000;
const key = "madang.session";

export interface Kept {
  readonly url: string;
  readonly room: string;
  readonly name: string;
  /** The secret that makes one this member. */
  readonly session: string;
  /** What was on. */
  readonly mic: boolean;
  readonly camera: boolean;
}

/** Keeps it until the tab is closed. A browser that forbids storage keeps nothing. */
export function keep(kept: Kept): void {
  store((storage) => storage.setItem(key, JSON.stringify({ ...kept, at: Date.now() })));
}

export function forget(): void {
  store((storage) => storage.removeItem(key));
}

/** What was kept of this room a moment ago. */
export function keptOf(url: string, room: string): Kept | undefined {
  let saved: (Kept & { at: number }) | undefined;
  store((storage) => (saved = JSON.parse(storage.getItem(key) ?? "null") ?? undefined));
  return saved?.url === url && saved.room === room && Date.now() - saved.at < fresh ? saved : undefined;
}

function store(act: (storage: Storage) => void): void {
  try {
    act(sessionStorage);
  } catch {
    // Forbidden, full or damaged: a reload is a new visit then.
  }
}
