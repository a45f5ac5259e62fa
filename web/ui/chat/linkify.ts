// Links in text that somebody wrote. Only text comes out: the page makes text
// nodes and anchors of it, never HTML.

export interface Piece {
  readonly text: string;
  /** Where the piece leads, http or https; absent: plain text. */
  readonly href?: string;
}

/** A link ends also where its letters would be shown in another order than they stand (UAX #9). */
const CANDIDATE = /https?:\/\/[^\s<>"'`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gi;
const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Cuts text into plain pieces and links; joined, the pieces are the text again. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const link = withoutTail(match[0]);
    const href = safeHref(link);
    if (!href) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index) });
    pieces.push({ text: link, href });
    done = match.index + link.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done) });
  return pieces;
}

/** Drops what ends the sentence, not the link: punctuation, and brackets that were opened before it. */
function withoutTail(link: string): string {
  const strays = new Map(Object.entries(OPENING).map(([closing, opening]) => [closing, link.split(closing).length - link.split(opening).length]));
  let end = link.length;
  for (; end > 0; end--) {
    const last = link[end - 1]!;
    const stray = strays.get(last) ?? 0;
    if (stray <= 0 && !/[.,;:!?*_~…。、，]/.test(last)) break;
    strays.set(last, stray - 1);
  }
  return link.slice(0, end);
}

function safeHref(link: string): string | undefined {
  try {
    const url = new URL(link);
    // A user name before the host is a trick more often than a wish: https://bank.example@evil.example
    return url.username || url.password ? undefined : url.href;
  } catch {
    return undefined;
  }
}
