// The little Markdown of the chat.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { inline, parse, plainText } = await importModule("ui/chat/markdown");

/** A tree as one reads it: <b>, <i>, <c> and <a> around what they mark. */
function sight(pieces) {
  return pieces.map((piece) => {
    switch (piece.kind) {
      case "text": return piece.text;
      case "link": return `<a>${piece.text}</a>`;
      case "code": return `<c>${piece.text}</c>`;
      default: return piece.kind === "strong" ? `<b>${sight(piece.inner)}</b>` : `<i>${sight(piece.inner)}</i>`;
    }
  }).join("");
}

const sightOf = (text) => parse(text).map((block) => {
  switch (block.kind) {
    case "text": return sight(block.inner);
    case "code": return `[${block.text}]`;
    case "list": return block.items.map(({ number, inner }) => `${number ?? "•"} ${sight(inner)}`).join("|");
  }
}).join("¶");

test("marks in pairs mark what is between them, also beside Korean", () => {
  for (const [text, seen] of [
    ["**bold** and *italic* and _italic_", "<b>bold</b> and <i>italic</i> and <i>italic</i>"],
    ["**가**나", "<b>가</b>나"], ["**마당(yard)**은 **좋아요**.", "<b>마당(yard)</b>은 <b>좋아요</b>."], ["나*가*는", "나<i>가</i>는"],
    ["***both***", "<b><i>both</i></b>"], ["**a *b* c**", "<b>a <i>b</i> c</b>"], ["*a **b** c*", "<i>a <b>b</b> c</i>"],
    ["**a *b**", "<b>a *b</b>"], ["**a _b** c_", "<b>a _b</b> c_"],
    ["`**code**` and `` a`b ``", "<c>**code**</c> and <c> a`b </c>"], ["```inline```", "<c>inline</c>"], ["**`x`**", "<b><c>x</c></b>"],
    ["**https://a.example/b_c**", "<b><a>https://a.example/b_c</a></b>"], ["https://a.example/*b*_c_", "<a>https://a.example/*b*_c</a>_"],
    ["(_a_), “*b*”", "(<i>a</i>), “<i>b</i>”"],
  ]) assert.equal(sight(inline(text)), seen, text);
});

test("what only looks like a mark stays as it was written", () => {
  for (const text of [
    "", "*", "**", "***", "****", "x * a *", "** a **", "**open", "open**", "*open", "a ` b", "a `` b ` c", "2*3*4", "2**8 and 2**16", "2 * 3 * 4",
    "snake_case_name", "파일_이름_둘", "__init__", "¯\\_(ツ)_/¯", "C:\\a_b\\_c", "*.ts and *.js", "5* hotel", "*** Mina waves ***", "[a](javascript:alert(1))",
    "<b>no</b>", "&lt;", "-5 degrees", "- ", "1.5", "007. Bond", "1) one", "```", "```\nnever closed", "a\n```js", "**a\nb**", "\n\n",
  ]) {
    assert.equal(sightOf(text), text);
    assert.equal(plainText(parse(text)), text);
  }
});

test("lists and blocks of code stand apart, and keep their numbers and spaces", () => {
  for (const [text, seen] of [
    ["- a\n- **b**\nend", "• a|• <b>b</b>¶end"], ["* a\n• b", "• a|• b"], ["1. a\n2. b\n7. c", "1 a|2 b|7 c"], ["- a\n1. b", "• a¶1 b"],
    ["see\n```\n  **x**\n\n- y\n```\nend", "see¶[  **x**\n\n- y]¶end"], ["```go\nx\n```", "[x]"], ["```\n```", "[]"], ["```\na\n```\n```\nb", "[a]¶```\nb"],
  ]) assert.equal(sightOf(text), seen, text);
});

/** Are these the letters of the text in their order, but for some of its marks. */
function isLeftOf(text, left) {
  let at = 0;
  for (const letter of text) {
    if (letter === left[at]) at++;
    else if (!/[-*_`•\d.\s]/.test(letter)) return false;
  }
  return at === left.length;
}

test("whatever is written, all of it is shown but marks, and none deeper than three", () => {
  const parts = ["*", "**", "***", "_", "`", "``", "```", "\n", "\n", " ", "- ", "1. ", "가", "나 ", "A", "😀", "(", ")", "https://x.example/가_", "\u202e", "<i>"];
  let seed = 7;
  const next = (n) => (seed = (seed * 48271) % 2147483647) % n; // MINSTD, the same every time
  const depth = (pieces) => Math.max(0, ...pieces.map(({ inner }) => (inner ? 1 + depth(inner) : 0)));
  for (let round = 0; round < 4000; round++) {
    const text = Array.from({ length: next(24) }, () => parts[next(parts.length)]).join("");
    const blocks = parse(text);
    assert.ok(isLeftOf(text, Array.from(plainText(blocks))), JSON.stringify([text, plainText(blocks)]));
    for (const { inner = [] } of blocks) assert.ok(depth(inner) <= 3, JSON.stringify(text));
  }
});

// Were the time to grow by the square of the length, this would take many minutes.
test("a long line takes no longer than it is long", { timeout: 30_000 }, () => {
  for (const part of ["*a", "**a ", "_a ", "***", "`", "`a``b```", "- a\nb\n", "```\n", "```\na\n", "*a **b _c ", "https://a.example/", "https://a.example/" + ")".repeat(300)]) {
    parse(part.repeat(300_000 / part.length));
  }
  parse("https://a.example/" + ")".repeat(300_000));
  parse(Array.from({ length: 700 }, (_, i) => "`".repeat(i + 1)).join(" "));
});
