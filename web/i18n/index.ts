// The languages of the page, and which one to speak.

import type { CheckMessages, ConductMessages, Messages, Named, WritingMessages } from "./en.ts";

export type { CheckMessages, ConductMessages, Messages, Named, WritingMessages };

interface Tongue {
  /** What its speakers call it. */
  readonly name: string;
  /** Its words; their file comes when somebody reads it. */
  words(): Promise<Messages>;
}

/** Every language, by its BCP 47 tag. One more is one more file beside these. */
export const languages = {
  en: { name: "English", words: async () => (await import("./en.ts")).en },
  ko: { name: "한국어", words: async () => (await import("./ko.ts")).ko },
} as const satisfies Record<string, Tongue>;

export type Language = keyof typeof languages;

/** Is this the tag of a language that we speak. */
export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(languages, tag);
}

/** Picks the first of the wanted tags ("ko-KR", "en") that we speak; English if none. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0]!;
    if (isLanguage(primary)) return primary;
  }
  return "en";
}

/** Says the time of day, as people of the language do. */
export function timeOfDay(language: Language, at: number): string {
  return clock(language).format(at);
}

/** Says a number, as people of the language do. */
export function number(language: Language, n: number): string {
  return n.toLocaleString(language);
}

// Making a formatter costs about a millisecond; a long chat asks a thousand times.
const clocks = new Map<Language, Intl.DateTimeFormat>();

function clock(language: Language): Intl.DateTimeFormat {
  let format = clocks.get(language);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
    clocks.set(language, format);
  }
  return format;
}
