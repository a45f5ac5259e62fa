// What a full room costs the page's own thread: fifteen others, all seen and all
// talking, and oneself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab } from "./support/browsers.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";
import { visit } from "./support/visitor.js";
import { until } from "./support/wait.js";

const others = 15;
/** Thread time of the longest task that a page of 60 frames a second stays smooth with, in milliseconds. */
const longest = 50;

/**
 * Runs in the page before its own scripts: `rendered` are the times at which
 * Preact has rendered a component, `told` those at which the server has told
 * something, with what. Preact asks its options for a function `__r`; those that
 * set one call the one before.
 */
function watchRenders() {
  window.rendered = [];
  window.told = [];
  Object.defineProperty(Object.prototype, "__r", { value: () => void window.rendered.push(performance.now()), writable: true });
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => window.told.push({ what: JSON.parse(data).t, at: performance.now() }));
    }
  };
}

/** Thread times of the tasks of pages' main threads while `act` goes on, the longest first, in milliseconds. */
async function tasksDuring(page, act) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["-*", "toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await act();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const thread = ({ pid, tid }) => `${pid}/${tid}`;
  const mains = new Set(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(thread));
  return traceEvents
    .filter((event) => event.name === "RunTask" && event.tdur !== undefined && mains.has(thread(event)))
    .map(({ tdur }) => tdur / 1000)
    .sort((a, b) => b - a);
}

test("sixteen tiles, fifteen of them moving, keep the page's thread free, and levels render nothing", async (t) => {
  const { url: server } = await startServer(t);
  const page = await chromiumTab(t, { colour: "blue", viewport: { width: 1280, height: 800 }, locale: "en-US" });
  await page.addInitScript(watchRenders);
  await visit(page, server, "yard", "Dain");
  const pupils = startClass(t, { server, room: "yard" });
  pupils.comeSeen(...Array.from({ length: others }, (_, i) => `Pupil ${i + 1}`));
  await pupils.until("in", others);
  const frames = () => page.locator("video.picture:not(.unseen)").evaluateAll((videos) =>
    videos.map((video) => video.getVideoPlaybackQuality().totalVideoFrames));
  const moving = async () => (await frames()).filter((count) => count > 15).length;
  await until("fifteen moving pictures", async () => (await moving()) === others || await frames(), { within: 30_000 });
  await page.locator(".bar.idle").waitFor(); // the last that moves by itself

  const before = await frames();
  const from = await page.evaluate(() => performance.now());
  const tasks = await tasksDuring(page, () => sleep(6000));
  const after = await frames();
  const { rendered, told } = await page.evaluate((from) => ({
    rendered: window.rendered.filter((at) => at >= from), told: window.told.filter(({ at }) => at >= from),
  }), from);

  const shown = after.map((count, i) => count - before[i]);
  const levels = told.filter(({ what }) => what === "speakers");
  const news = told.filter(({ what }) => !["speakers", "pong", "ping"].includes(what));
  t.diagnostic(`of ${tasks.length} tasks the longest took ${tasks.slice(0, 3).map((ms) => ms.toFixed(1)).join(", ")} ms; ` +
    `${shown} frames; ${levels.length} times levels, ${rendered.length} renders after ${news.map(({ what }) => what).join(" ") || "nothing"}`);
  assert.equal(shown.filter((count) => count > 0).length, others, `frames: ${shown}`);
  assert.ok(tasks.length > 100, "the tasks were counted");
  assert.ok(tasks[0] <= longest, `the longest tasks took ${tasks.slice(0, 5)} ms`);
  assert.ok(levels.length >= 10, `${levels.length} times levels`);
  // Nothing but other news makes the page render.
  const unasked = rendered.filter((at) => !news.some((one) => at >= one.at && at - one.at < 500));
  assert.deepEqual(unasked, [], `renders, with ${JSON.stringify(told)}`);
});
