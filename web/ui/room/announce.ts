// What those hear who listen instead of looking: gathered for a moment, so that
// ten people who come at once are one sentence, and never more than what matters
// to whom wants no more. Time is an argument.

import type { Messages } from "../../i18n/index.ts";
import type { Aloud } from "../storage.ts";

/** Something that happened in the room. */
export type News =
  | { readonly what: "joined" | "left" | "raised" | "shares" | "sharesNoMore"; readonly name: string }
  | { readonly what: "wrote"; readonly name: string; readonly text: string; readonly privately: boolean }
  /** A sentence in the page's language. `matters`: also to who wants to hear little. */
  | { readonly what: "said"; readonly text: string; readonly matters: boolean };

/** How long news wait for others, and how long the ones before are left to be heard, in milliseconds. */
const GATHERS_FOR = 1000;
/** A longer line of chat is read where it stands. */
const MOST_READ = 200;

/** Says what happened, by and by. */
export class Announcements {
  #news: News[] = [];
  #due = Infinity;
  #said = -Infinity;

  /** Something happened. What is heard less often is dropped here. */
  tell(news: News, aloud: Aloud, now: number): void {
    if (aloud === "off" || (aloud === "important" && !matters(news))) return;
    const undone = this.#news.findIndex((before) => undoes(news, before));
    if (undone >= 0) return void this.#news.splice(undone, 1);
    this.#news.push(news);
    const wait = matters(news) ? 0 : GATHERS_FOR;
    this.#due = Math.min(this.#due, Math.max(now + wait, this.#said + GATHERS_FOR));
  }

  /** When there is something to say; Infinity: nothing. */
  get due(): number {
    return this.#due;
  }

  /** What to say, once it is due; empty: it has come to nothing. */
  take(words: Messages, now: number): string {
    const said = sentences(words, this.#news);
    this.#news = [];
    this.#due = Infinity;
    if (said) this.#said = now;
    return said;
  }
}

function matters(news: News): boolean {
  switch (news.what) {
    case "said":
      return news.matters;
    case "wrote":
      return news.privately;
    default:
      return news.what !== "joined" && news.what !== "left";
  }
}

const opposites: Readonly<Partial<Record<News["what"], News["what"]>>> = {
  joined: "left", left: "joined", shares: "sharesNoMore", sharesNoMore: "shares",
};

/** Who goes where they just came from is no news. */
function undoes(news: News, before: News): boolean {
  return "name" in news && "name" in before && news.name === before.name && opposites[news.what] === before.what;
}

/** All of it in the order of weight: what was said to us, then hands and screens, then the chat, then who comes and goes. */
function sentences(words: Messages, all: readonly News[]): string {
  const names = (what: News["what"]) => all.flatMap((news) => (news.what === what && "name" in news ? [news.name] : []));
  const people = (["raised", "shares", "sharesNoMore"] as const).map((what) => [what, names(what)] as const);
  const passing = (["joined", "left"] as const).map((what) => [what, names(what)] as const);
  const say = ([what, some]: readonly [(typeof people | typeof passing)[number][0], readonly string[]]) =>
    some.length > 0 ? [words[what](...some)] : [];
  return [
    ...new Set(all.flatMap((news) => (news.what === "said" ? [news.text] : []))),
    ...people.flatMap(say),
    ...chat(words, all),
    ...passing.flatMap(say),
  ].join(" ");
}

/** One line is read, several are counted. */
function chat(words: Messages, all: readonly News[]): readonly string[] {
  const lines = all.flatMap((news) => (news.what === "wrote" ? [news] : []));
  const [first] = lines;
  if (!first) return [];
  if (lines.length > 1 || first.text.length > MOST_READ) return [words.unread(lines.length)];
  return [`${first.name}${first.privately ? ` (${words.privateFrom})` : ""}: ${first.text}`];
}
