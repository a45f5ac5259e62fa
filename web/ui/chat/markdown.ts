// The little Markdown that lines of chat may have: bold, italic, code, code blocks,
// lists and bare links. A tree comes out, never HTML. What is no mark, or has no
// partner, stays text. There are no links with other words in place of their address:
// one sees where a link leads. Everything is found in one walk over the text.

import { linkify } from "./linkify.ts";

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "em"; readonly inner: readonly Inline[] };

export interface Item {
  /** Of a numbered list: the number that was written. */
  readonly number?: number;
  readonly inner: readonly Inline[];
}

export type Block =
  | { readonly kind: "text"; readonly inner: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly Item[] };

const FENCE = "```";
const BULLET = /^\s{0,3}[-*•]\s+(?=\S)/;
const NUMBER = /^\s{0,3}(0|[1-9]\d{0,5})\.\s+(?=\S)/; // none that would be drawn otherwise than written

/** Reads the blocks of a text; marks within one line only. */
export function parse(text: string): Block[] {
  const lines = text.split("\n");
  const lastFence = lines.lastIndexOf(FENCE);
  const blocks: Block[] = [];
  let plain: string[] = [];
  const add = (block: Block) => {
    if (plain.length > 0) blocks.push({ kind: "text", inner: inlineOf(plain) });
    plain = [];
    blocks.push(block);
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (/^```\w*$/.test(line) && at < lastFence) {
      const end = lines.indexOf(FENCE, at + 1);
      add({ kind: "code", text: lines.slice(at + 1, end).join("\n") });
      at = end;
    } else if (BULLET.test(line) || NUMBER.test(line)) {
      const ordered = !BULLET.test(line);
      const end = endOf(lines, at, ordered ? NUMBER : BULLET);
      add({ kind: "list", ordered, items: lines.slice(at, end).map(itemOf) });
      at = end - 1;
    } else {
      plain.push(line);
    }
  }
  if (plain.length > 0) blocks.push({ kind: "text", inner: inlineOf(plain) });
  return blocks;
}

function endOf(lines: readonly string[], from: number, mark: RegExp): number {
  let end = from + 1;
  while (end < lines.length && mark.test(lines[end]!)) end++;
  return end;
}

function itemOf(line: string): Item {
  const number = NUMBER.exec(line);
  return { ...(number && { number: Number(number[1]) }), inner: inline(line.replace(number ? NUMBER : BULLET, "")) };
}

function inlineOf(lines: readonly string[]): Inline[] {
  return lines.flatMap((line, i) => (i > 0 ? [{ kind: "text", text: "\n" } as const, ...inline(line)] : inline(line)));
}

/** Something of a line: a piece that stands as it is, or a run of marks. */
type Token = Inline | { readonly kind: "marks"; readonly text: string; readonly opens: boolean; readonly closes: boolean };

/** Reads the marks within one line. */
export function inline(line: string): Inline[] {
  const nest = new Nest();
  for (const token of tokensOf(line)) {
    if (token.kind !== "marks") {
      nest.put(token);
      continue;
    }
    let { text } = token;
    if (token.closes) text = nest.close(text);
    if (token.opens) text = nest.open(text);
    nest.put({ kind: "text", text });
  }
  return nest.end();
}

/** What stands between marks that wait for their partners; each kind waits once at most, so none is deeper than three. */
class Nest {
  readonly #root: Inline[] = [];
  readonly #open: { readonly mark: string; readonly inner: Inline[] }[] = [];

  /** Adds a piece, text to text where it can. */
  put(piece: Inline): void {
    if (piece.kind === "text" && piece.text === "") return;
    const to = this.#open.at(-1)?.inner ?? this.#root;
    const last = to.at(-1);
    if (piece.kind !== "text" || last?.kind !== "text") to.push(piece);
    else to[to.length - 1] = { kind: "text", text: last.text + piece.text };
  }

  /** Lets marks wait for their partners; returns those that do not. */
  open(marks: string): string {
    for (const mark of ["**", "*", "_"]) {
      if (!marks.startsWith(mark) || this.#levelOf(mark) >= 0) continue;
      this.#open.push({ mark, inner: [] });
      marks = marks.slice(mark.length);
    }
    return marks;
  }

  /** Gives marks to those that wait for them; returns those that are left. */
  close(marks: string): string {
    const level = marks === "**" && this.#levelOf(marks) >= 0
      ? this.#levelOf(marks) : this.#open.findLastIndex(({ mark }) => marks.startsWith(mark));
    if (level < 0 || marks === "") return marks;
    this.#cut(level + 1);
    const { mark, inner } = this.#open.pop()!;
    this.put({ kind: mark === "**" ? "strong" : "em", inner });
    return this.close(marks.slice(mark.length));
  }

  end(): Inline[] {
    this.#cut(0);
    return this.#root;
  }

  #levelOf(wanted: string): number { return this.#open.findIndex(({ mark }) => mark === wanted); }

  /** What waits from a level on has found no partner: it is text. */
  #cut(level: number): void {
    for (const { mark, inner } of this.#open.splice(level)) {
      this.put({ kind: "text", text: mark });
      for (const piece of inner) this.put(piece);
    }
  }
}

function tokensOf(line: string): Token[] {
  const pieces = codeIn(line).flatMap((piece): Inline[] => (piece.kind !== "text" ? [piece]
    : linkify(piece.text).map(({ text, href }) => (href ? { kind: "link", text, href } : { kind: "text", text }))));
  return pieces.flatMap((piece, i) => (
    piece.kind === "text" ? marksIn(piece.text, i === 0 ? " " : "`", i === pieces.length - 1 ? " " : "`") : [piece]));
}

/**
 * Cuts text at its marks. They hold to what they mark, and are not within Latin words or
 * numbers (2*3*4, snake_case); a Korean particle may follow at once, but after underscores.
 */
function marksIn(text: string, before: string, after: string): Token[] {
  const tokens: Token[] = [];
  let done = 0;
  for (const { 0: run, index } of text.matchAll(/\*+|_+/g)) {
    const end = index + run.length;
    const [left, right] = [text[index - 1] ?? before, text[end] ?? after];
    const within = run[0] === "_" ? /[\p{L}\p{N}\\]/u : /[0-9A-Za-z]/;
    if (run.length > (run[0] === "_" ? 1 : 3)) continue;
    tokens.push({ kind: "text", text: text.slice(done, index) });
    tokens.push({ kind: "marks", text: run, opens: !/\s/.test(right) && !within.test(left), closes: !/\s/.test(left) && !within.test(right) });
    done = end;
  }
  return [...tokens, { kind: "text", text: text.slice(done) }];
}

/** Cuts out the code between runs of backticks of one length. */
function codeIn(line: string): Inline[] {
  const runs = [...line.matchAll(/`+/g)];
  const next = new Map<number, number>(); // by the length of a run: the place of the next such
  const partner = runs.map(() => -1);
  for (let i = runs.length - 1; i >= 0; i--) {
    partner[i] = next.get(runs[i]![0].length) ?? -1;
    next.set(runs[i]![0].length, i);
  }
  const pieces: Inline[] = [];
  let done = 0;
  for (let i = 0; i < runs.length; i++) {
    const [open, close] = [runs[i]!, runs[partner[i]!]];
    if (!close) continue;
    pieces.push({ kind: "text", text: line.slice(done, open.index) });
    pieces.push({ kind: "code", text: line.slice(open.index + open[0].length, close.index) });
    done = close.index + close[0].length;
    i = partner[i]!;
  }
  return [...pieces, { kind: "text", text: line.slice(done) }];
}

/** What is left of blocks without their marks. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map((block) => {
    switch (block.kind) {
      case "text":
        return plainInline(block.inner);
      case "code":
        return block.text;
      case "list":
        return block.items.map(({ inner }) => plainInline(inner)).join("\n");
    }
  }).join("\n");
}

function plainInline(pieces: readonly Inline[]): string {
  return pieces.map((piece) => ("inner" in piece ? plainInline(piece.inner) : piece.text)).join("");
}
