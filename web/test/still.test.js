// Layout shift: nothing that one looks at may move but by one's own hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";

const looks = [
  { name: "a desk", viewport: { width: 1280, height: 800 } },
  { name: "a phone", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
];
const most = 0.001; // what is less is told as 0: a letter of a name that makes room for a mark

/** Runs in every page: keeps what moved, as Chromium counts it, with what it was. */
function keepShifts() {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      const moved = sources.filter(({ previousRect }) => previousRect.width > 0); // what was not in sight came, and did not move
      if (hadRecentInput || moved.length === 0) continue; // or it moved by one's own hand
      window.shifts.push({ value, what: moved.map(({ node }) => node?.className || node?.nodeName).join(", ") });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** A tab of a slow machine, and what moved in it so far. */
async function slowTab(page, { name }) {
  await page.addInitScript(keepShifts);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const seen = [];
  const look = async (where) => {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    seen.push(...(await page.evaluate(() => window.shifts.splice(0))).map((shift) => ({ where, ...shift })));
  };
  return { page, name, seen, look };
}

async function intoTheRoom({ page, name, look }, server) {
  const pressed = (name) => page.getByRole("button", { name, exact: true }).click();
  await page.goto(server);
  await page.getByRole("button", { name: "New room" }).waitFor();
  await look("the first page");
  await page.goto(`${server}/r/yard`);
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0); // the preview is live
  await page.waitForLoadState("networkidle");
  await look("the lobby");
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await pressed("Join");
  await page.getByRole("button", { name: "Leave", exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  await look("the room");
  await pressed("Chat");
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  await look("the chat");
  await pressed("Close");
  await page.getByRole("log").waitFor({ state: "detached" });
}

test("nothing moves by itself from the first page into a full room", async (t) => {
  const { url: server } = await startServer(t);
  const desk = await chromiumTab(t, { colour: "blue", locale: "en-US", ...looks[0] });
  const phone = await (await desk.context().browser().newContext({ locale: "en-US", ...looks[1] })).newPage();
  const tabs = await Promise.all([desk, phone].map((page, i) => slowTab(page, looks[i])));
  for (const tab of tabs) await intoTheRoom(tab, server);
  startClass(t, { server, room: "yard" }).come("Mina", "José", "김다인");
  for (const { page, look } of tabs) {
    await page.locator(".seat").nth(4).waitFor();
    await look("others come");
  }
  for (const { name, seen } of tabs) {
    const sum = seen.reduce((sum, { value }) => sum + value, 0);
    t.diagnostic(`${name}: ${sum.toFixed(5)}`);
    assert.ok(sum < most, `on ${name} moved ${sum.toFixed(4)}:\n${seen.map(({ where, value, what }) => `${where}: ${value.toFixed(5)} ${what}`).join("\n")}`);
  }
});
