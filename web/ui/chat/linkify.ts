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
  for (;;) {
    const last = link.at(-1)!;
    const opening = OPENING[last];
    const strayBracket = opening !== undefined && link.split(last).length > link.split(opening).length;
    if (!strayBracket && !/[.,;:!?*_~…。、，]/.test(last)) return link;
    link = link.slice(0, -1);
  }
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
