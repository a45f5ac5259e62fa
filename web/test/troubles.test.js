// What goes wrong is told kindly: in words, with what to do next.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { faults } from "./support/axe.js";
import { chromiumTab } from "./support/browsers.js";
import { serveMadeUp } from "./support/made-up.js";
import { output } from "./support/media.js";
import { enter } from "./support/states.js";
import { troubles } from "./support/troubles.js";
import { words } from "./support/words.js";

const screens = `${output}screens/`;
const looks = [
  { locale: "en-US", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { locale: "ko-KR", colorScheme: "dark", viewport: { width: 390, height: 844 } },
];

/** Runs in every page: some addresses are those of a browser without calls. */
function withoutCalls() {
  if (location.search.includes("webrtc=0")) delete window.RTCPeerConnection;
}

/** What of a trouble the page lacks, in words and in ways on. */
async function missing(page, { tell, ways }, said) {
  const told = tell(said).map((text) => [text, page.getByText(text)]);
  const offered = ways(said).map((name) => [name, page.getByRole("button", { name, exact: true }).or(page.getByRole("link", { name, exact: true }))]);
  const lacks = [];
  for (const [what, found] of [...told, ...offered]) {
    await found.first().waitFor({ timeout: 5000 }).catch(() => lacks.push(`not there: ${what}`));
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  return [...lacks, ...(wide ? ["wider than the screen"] : [])];
}

test("every trouble is told with what to do next", async (t) => {
  const base = await serveMadeUp(t);
  mkdirSync(screens, { recursive: true });
  const wrong = [];
  await Promise.all(looks.map(async (look) => {
    const page = await chromiumTab(t, { colour: "blue", reducedMotion: "reduce", ...look });
    await page.clock.install();
    await page.addInitScript(withoutCalls);
    const language = look.locale.slice(0, 2);
    for (const trouble of troubles) {
      await enter(page, base, trouble, words(language));
      const found = [...await missing(page, trouble, words(language)), ...(language === "en" ? await faults(page) : [])]; // words change nothing there
      wrong.push(...found.map((what) => `${trouble.name}, ${language}: ${what}`));
      await page.screenshot({ path: `${screens}trouble-${trouble.name.replaceAll(" ", "-")}-${language}-${look.colorScheme}.png` });
    }
  }));
  assert.deepEqual(wrong, []);
});
