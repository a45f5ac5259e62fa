// Invitations that brought somebody here. They come behind the # of the address,
// which no browser sends to a server, are taken out of it at once, so that nobody
// copies them with it, and are kept until the tab is closed.

import { routeOf } from "./route.ts";

const KEY = "madang.invitation";

interface Kept {
  readonly room: string;
  readonly token: string;
}

/** The link that brings others into a room by an invitation. */
export function linkWith(link: string, token: string): string {
  return `${link}#invite=${encodeURIComponent(token)}`;
}

/** Takes an invitation out of the address; was there one. */
export function takeInvitation(): boolean {
  const token = new URLSearchParams(location.hash.slice(1)).get("invite");
  const route = routeOf(location.pathname);
  if (!token || route.page !== "room") return false;
  history.replaceState(history.state, "", location.pathname + location.search);
  store((storage) => storage.setItem(KEY, JSON.stringify({ room: route.room, token } satisfies Kept)));
  return true;
}

/** The invitation for a room that this tab came with. */
export function invitationFor(room: string): string | undefined {
  let kept: Kept | undefined;
  store((storage) => (kept = JSON.parse(storage.getItem(KEY) ?? "null") ?? undefined));
  return kept?.room === room ? kept.token : undefined;
}

/** Forgets an invitation that is no good. */
export function dropInvitation(): void {
  store((storage) => storage.removeItem(KEY));
}

function store(act: (storage: Storage) => void): void {
  try {
    act(sessionStorage);
  } catch {
    // Forbidden or damaged: the invitation is good until the page is loaded anew.
  }
}
