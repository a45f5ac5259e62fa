// Contrast of every pair of colours that meet on the page, in light and dark
// (WCAG 2.2: 4.5 for text, 3 for lines and shapes that carry meaning).

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../ui/style/", import.meta.url);
const tokens = readFileSync(new URL("tokens.css", folder), "utf8");

const TEXT = 4.5;
const SHAPE = 3;

/** What lies on what, and how much they must differ. */
const pairs = [
  ["text", ["ground", "surface", "sunk", "accent-soft", "tile"], TEXT],
  ["muted", ["ground", "surface", "sunk"], TEXT],
  ["accent", ["ground", "surface", "accent-soft"], TEXT],
  ["on-accent", ["accent", "accent-strong"], TEXT],
  ["danger", ["ground", "surface", "danger-soft"], TEXT],
  ["on-danger", ["danger", "danger-strong"], TEXT],
  ["ground", ["text"], TEXT], // tooltips
  ["on-avatar", ["avatar"], TEXT],
  ["on-scrim", ["scrim over white", "scrim over black"], TEXT],
  ["qr", ["qr-ground"], TEXT],
  ["edge", ["ground", "surface"], SHAPE],
  ["ring", ["ground", "surface"], SHAPE],
  ["accent", ["sunk"], SHAPE], // the meter, the focus ring
  ["danger", ["ground", "surface"], SHAPE],
];
const carryNoMeaning = ["line", "shade"];

function hex(text) {
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16) / 255);
}

/** oklch to linear sRGB (Ottosson), clipped to what a screen shows. */
function oklch(lightness, chroma, hue) {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((value) => Math.min(1, Math.max(0, value)));
}

const linear = (rgb) => rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Every colour of tokens.css as [light, dark], each a function of the hue to linear RGB. */
function readTokens() {
  const colours = new Map();
  for (const [, name, value] of tokens.matchAll(/--([\w-]+):\s*([^;]+);/g)) {
    const both = value.match(/^light-dark\((.+?\)?),\s*(.+)\)$/);
    const found = (both ? [both[1], both[2]] : [value, value]).map(parse);
    if (found.every(Boolean)) colours.set(name, found);
  }
  return colours;
}

function parse(text) {
  if (/^#[\da-f]{6}([\da-f]{2})?$/i.test(text)) return Object.assign(() => linear(hex(text)), { hex: text });
  const [, lightness, chroma] = text.match(/^oklch\(([\d.]+) ([\d.]+) var\(--hue\)\)$/) ?? [];
  return lightness && ((hue) => oklch(Number(lightness), Number(chroma), hue));
}

function colourOf(colours, name, scheme) {
  const over = name.match(/^scrim over (white|black)$/);
  if (!over) return colours.get(name)[scheme];
  const scrim = colours.get("scrim")[scheme].hex;
  const alpha = parseInt(scrim.slice(7), 16) / 255;
  const under = over[1] === "white" ? 1 : 0;
  return () => linear(hex(scrim).map((value) => value * alpha + under * (1 - alpha)));
}

test("every pair of colours that meet has enough contrast in light and dark", () => {
  const colours = readTokens();
  assert.ok(colours.size >= 20, `only ${colours.size} colours were read`);
  const failures = [];
  for (const [above, grounds, least] of pairs) {
    for (const below of grounds) {
      for (const scheme of [0, 1]) {
        for (let hue = 0; hue < 360; hue += 5) {
          const [a, b] = [above, below].map((name) => luminance(colourOf(colours, name, scheme)(hue)));
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < least) failures.push(`${above} on ${below}, ${["light", "dark"][scheme]}: ${contrast.toFixed(2)} < ${least}`);
        }
      }
    }
  }
  assert.deepEqual([...new Set(failures)], []);
});

test("every colour stands in a pair, so that none goes unchecked", () => {
  const met = new Set(pairs.flatMap(([above, grounds]) => [above, ...grounds.map((name) => name.split(" ")[0])]));
  for (const name of readTokens().keys()) assert.ok(met.has(name) || carryNoMeaning.includes(name), `--${name} is in no pair`);
});

test("colours are named in tokens.css only", () => {
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".css") || file === "tokens.css") continue;
    const css = readFileSync(new URL(file, folder), "utf8").replace(/\/\*[^]*?\*\//g, "");
    const [found] = css.match(/#[\da-f]{3,8}\b|\b(rgb|hsl|oklch|oklab|color-mix)a?\(/i) ?? [];
    assert.equal(found, undefined, `${file} names a colour: ${found}`);
  }
});
