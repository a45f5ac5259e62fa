// How the page looks: every state in both themes and languages on a desk, and those
// that differ there on a phone held either way, and on the smallest. The pictures are
// for eyes, in test/output/screens; what a machine can tell of them is told here, and
// of WCAG 2.2 AA what axe can.

import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { test } from "node:test";
import { faults } from "./support/axe.js";
import { chromiumTab } from "./support/browsers.js";
import { serveMadeUp } from "./support/made-up.js";
import { output } from "./support/media.js";
import { enter, states } from "./support/states.js";
import { words } from "./support/words.js";

const folder = `${output}screens/`;
const phone = { hasTouch: true, isMobile: true, deviceScaleFactor: 1 };
const nothing = { left: 0, top: 0, right: 0, bottom: 0 };
/** The states that are drawn with a look; of the others all are. */
const differing = {
  upright: ["home", "lobby", "waiting", "alone", "nine", "crowd", "screen", "chat", "emoji", "people", "invitation", "settings", "reactions"],
  sideways: ["home", "lobby", "nine", "screen", "chat", "people", "reactions", "keys"],
  small: ["home", "lobby with devices", "alone", "nine", "chat", "settings"],
};
const axe = {
  light: (axe) => axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]),
  dark: (axe) => axe.withRules(["color-contrast"]), // all but the colours is the same in the dark
};
/** How it is looked at: on desks and on phones at the same time, one after another. */
const looks = [[
  { name: "light", language: "en", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { name: "dark", language: "ko", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
], [
  { name: "upright", language: "ko", colorScheme: "light", viewport: { width: 390, height: 844 }, insets: { ...nothing, top: 47, bottom: 34 }, ...phone },
  { name: "sideways", language: "en", colorScheme: "dark", viewport: { width: 844, height: 390 }, insets: { ...nothing, left: 47, right: 47, bottom: 21 }, ...phone },
  { name: "small", language: "en", colorScheme: "light", viewport: { width: 320, height: 568 }, ...phone },
]];

/** Runs in the page: what is cut off, what leaves the safe part of the view, what scrolls that should not. */
function flaws(insets) {
  const found = [];
  const say = (element) => element.ariaLabel ?? element.textContent.trim().slice(0, 40);
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.closest(".heard-only") === null;
  const { scrollWidth, scrollHeight } = document.documentElement;
  if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth - innerWidth} wider than the view`);
  if (document.querySelector(".room") && scrollHeight > innerHeight) found.push(`the room is ${scrollHeight - innerHeight} higher than the view`);
  for (const element of document.querySelectorAll("button, .button, h1, h2, label > span, .notice p")) {
    if (shown(element) && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) found.push(`cut off: ${say(element)}`);
  }
  for (const element of document.querySelectorAll("button, a, input, .notice, .panel, .name")) {
    const { left, top, right, bottom, width } = element.getBoundingClientRect();
    if (!shown(element) || width <= 1 || element.closest("dialog")) continue;
    const fixed = element.matches(".bar *, .notice, .panel, .picker *, .name"); // the rest may be scrolled to
    const beside = left < insets.left - 1 || right > innerWidth - insets.right + 1;
    if (beside || (fixed && (top < insets.top - 1 || bottom > innerHeight - insets.bottom + 1))) found.push(`out of the view: ${say(element)}`);
  }
  return found;
}

/** Draws all states with one look; resolves with what is wrong to the eye, and to axe. */
async function draw(page, base, { name: look, language, insets = nothing }) {
  const [found, barriers] = [[], []];
  await (await page.context().newCDPSession(page)).send("Emulation.setSafeAreaInsetsOverride", { insets });
  let state;
  page.on("console", (message) => {
    const unmade = message.text().startsWith("WebSocket"); // nobody made up a server for the connection check
    if (message.type() === "error" && !unmade) found.push(`${look}, ${state.name}: ${message.text()}`);
  });
  page.on("pageerror", (error) => found.push(`${look}, ${state.name}: ${error}`));
  for (state of states.filter(({ name }) => differing[look]?.includes(name) ?? true)) {
    await enter(page, base, state, words(language)).catch((error) => found.push(`${look}, ${state.name}: ${error.message.split("\n")[0]}`));
    found.push(...(await page.evaluate(flaws, insets)).map((flaw) => `${look}, ${state.name}: ${flaw}`));
    await page.screenshot({ path: `${folder}${state.name.replaceAll(" ", "-")}-${look}.png` });
    if (axe[look]) barriers.push(...(await faults(page, axe[look])).map((fault) => `${look}, ${state.name}: ${fault}`));
  }
  return { found, barriers };
}

test("the page in all its states", async (t) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const base = await serveMadeUp(t);
  const browser = (await chromiumTab(t, { colour: "blue" })).context().browser();
  const drawAll = async (looks) => {
    const seen = [];
    for (const look of looks) {
      const { name: _, insets: __, language, ...options } = look;
      const context = await browser.newContext({ locale: language, reducedMotion: "reduce", ...options });
      seen.push(await draw(await context.newPage(), base, look));
      await context.close();
    }
    return seen;
  };
  const seen = (await Promise.all(looks.map(drawAll))).flat();
  await t.test("every state is drawn, in both themes and languages", () => assert.deepEqual(seen.flatMap(({ found }) => found), []));
  await t.test("axe finds nothing wrong in any state, in both themes", () => assert.deepEqual(seen.flatMap(({ barriers }) => barriers), []));
});
