// The bar steps back while one only looks, and comes when it is needed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { serveMadeUp } from "./support/made-up.js";
import { until } from "./support/wait.js";

test("the bar fades while nobody moves, but not while it has the focus or a panel is open; its hints name keys, and Escape takes them away", async (t) => {
  const base = await serveMadeUp(t);
  const page = await chromiumTab(t, { colour: "blue", viewport: { width: 1280, height: 800 }, locale: "en-US", reducedMotion: "reduce" });
  await page.clock.install(); // four seconds pass at once
  await page.goto(`${base}/r/yard?enter=1&people=3`);
  await page.getByRole("button", { name: "Leave" }).waitFor();
  const shade = () => page.locator(".bar").evaluate((bar) => getComputedStyle(bar).opacity);
  const waits = () => page.clock.runFor(4100);
  const is = (clear) => until(`the bar ${clear ? "clear" : "faded"}`, async () => ((await shade()) === "1") === clear || shade(), { every: 20 });

  await page.mouse.move(600, 300);
  await waits();
  await is(false);
  await page.mouse.move(610, 300);
  await is(true);
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Microphone" }).focus();
  await waits();
  await is(true);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.mouse.move(600, 300);
  await waits();
  await is(true);
  await page.getByRole("button", { name: "Close" }).click();
  await page.mouse.move(600, 300);

  const camera = page.getByRole("button", { name: "Camera" });
  assert.equal(await camera.getAttribute("aria-keyshortcuts"), "V");
  await camera.hover();
  const hint = page.getByText("Your camera is on. Press to turn it off.");
  await hint.waitFor();
  assert.equal(await hint.innerText(), "Your camera is on. Press to turn it off.V");
  await page.keyboard.press("Escape");
  await hint.waitFor({ state: "hidden" });
});

test("keys can be turned off, and then no hint names one; space speaks after a click, and stops when the window is left", async (t) => {
  const base = await serveMadeUp(t);
  const page = await chromiumTab(t, { colour: "blue", viewport: { width: 1280, height: 800 }, locale: "en-US" });
  await page.goto(`${base}/r/yard?enter=1&people=3`);
  const microphone = page.getByRole("button", { name: "Microphone" });
  const is = (on) => page.locator(`[aria-label="Microphone"][aria-pressed="${on}"]`).waitFor();
  await is(true);
  await microphone.click();
  await is(false);
  await page.keyboard.down("Space"); // the button that was clicked does not take it
  await is(true);
  await page.evaluate(() => dispatchEvent(new Event("blur")));
  await is(false);
  await page.keyboard.up("Space");

  await page.keyboard.press("?");
  await page.getByRole("switch", { name: "Use keyboard shortcuts" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("m");
  await page.keyboard.press("c");
  await page.keyboard.press("?");
  assert.equal(await microphone.getAttribute("aria-keyshortcuts"), null);
  assert.equal(await page.locator("kbd").count(), 0);
  assert.equal(await page.getByRole("dialog").count() + await page.getByRole("log").count(), 0);
  await is(false);
});
