// The link to a room, and how it gets to others.

import { pathOf } from "./route.ts";

/** The link that brings others here. */
export function inviteLink(room: string): string {
  return location.origin + pathOf(room);
}

/** Copies text; false where the browser does not let us, as on a page without https. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
