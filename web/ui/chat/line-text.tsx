// What a line says, drawn from its Markdown.

import { isFewEmoji } from "./few-emoji.ts";
import { type Block, type Inline, parse } from "./markdown.ts";

export function LineText({ text }: { text: string }) {
  return <div class={`line-text ${isFewEmoji(text) ? "big" : ""}`}>{parse(text).map(drawBlock)}</div>;
}

function drawBlock(block: Block) {
  switch (block.kind) {
    case "text":
      return <p dir="auto">{block.inner.map(drawInline)}</p>;
    case "code":
      return <pre><code>{block.text}</code></pre>;
    case "list":
      return block.ordered
        ? <ol>{block.items.map(({ number, inner }) => <li value={number} dir="auto">{inner.map(drawInline)}</li>)}</ol>
        : <ul>{block.items.map(({ inner }) => <li dir="auto">{inner.map(drawInline)}</li>)}</ul>;
  }
}

function drawInline(piece: Inline) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "link":
      return <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>;
    case "code":
      return <code>{piece.text}</code>;
    case "strong":
      return <strong>{piece.inner.map(drawInline)}</strong>;
    case "em":
      return <em>{piece.inner.map(drawInline)}</em>;
  }
}
