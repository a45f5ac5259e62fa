// Days, as people count them: where they live.

import type { Language } from "../../i18n/index.ts";

/** How many days lie between two times; 0: the same day. Days of 23 and of 25 hours count as one. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}

/** Milliseconds until the next day begins. */
export function untilTomorrow(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime() - now;
}

/** Names a day: "Today", "Yesterday", "Monday, 2 March", with the year where it is another. */
export function sayDay(language: Language, at: number, now: number): string {
  const ago = daysBetween(at, now);
  if (ago === 0 || ago === 1) {
    const said = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-ago, "day");
    return said.charAt(0).toLocaleUpperCase(language) + said.slice(1);
  }
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(language, { weekday: "long", month: "long", day: "numeric", ...(!sameYear && { year: "numeric" }) }).format(at);
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
