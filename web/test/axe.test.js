// WCAG 2.2 AA as far as a machine can tell: every state of the page, in both themes.

import assert from "node:assert/strict";
import { test } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { chromiumTab } from "./support/browsers.js";
import { serveMadeUp } from "./support/made-up.js";
import { enter, states } from "./support/states.js";
import { words } from "./support/words.js";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong on a page in the light, and of its colours in the dark: all else is the same there. */
async function faults(page, where) {
  await page.emulateMedia({ colorScheme: "light" });
  const light = await new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] }).withTags(tags).analyze(); // legacy: in this tab alone
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await page.evaluate(() => axe.run({ runOnly: ["color-contrast"], resultTypes: ["violations"] }));
  return [light, dark].flatMap(({ violations }, i) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => `${where}${i ? ", dark" : ""}: ${id}: ${node.html.slice(0, 160)}`)));
}

test("axe finds nothing wrong in any state, in both themes", async (t) => {
  const base = await serveMadeUp(t);
  const page = await chromiumTab(t, { colour: "blue", viewport: { width: 1280, height: 800 }, locale: "en-US", reducedMotion: "reduce" });
  const found = [];
  const left = [...states];
  const look = async (page) => {
    for (let state; (state = left.shift());) {
      await enter(page, base, state, words("en"));
      found.push(...await faults(page, state.name));
    }
  };
  await Promise.all([look(page), look(await page.context().newPage())]);
  assert.deepEqual(found, []);
});
