// What holds for slots in real browsers, by the SDK alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { cameraOf } from "./support/colour.js";
import { join } from "./support/person.js";
import { setStage } from "./support/stage.js";
import { until } from "./support/wait.js";

/** What a watcher's page shows: the cameras by colour, and how many frames each tile has had. */
function shownBy(page) {
  return page.evaluate(async () => {
    const streams = await window.probe.received();
    return [...window.videos]
      .filter(([, video]) => video.videoWidth > 0)
      .map(([key, video]) => ({ colour: window.probe.colour(video), frames: streams.find(({ mid }) => mid === key)?.framesDecoded }));
  });
}

const namesOf = (shown) => shown.map(({ colour }) => cameraOf(colour)).sort().join();

test("negotiationneeded never fires after the first offer", async (t) => {
  const place = await setStage(t);
  const [page, other] = await Promise.all([chromiumTab(t, { colour: "red" }), chromiumTab(t, { colour: "green" })]);
  await join(page, { ...place, name: "A" });
  await page.evaluate(() => {
    window.fired = 0;
    window.connections[0].addEventListener("negotiationneeded", () => window.fired++);
  });
  await join(other, { ...place, name: "B" });
  await page.evaluate(async () => {
    const { local } = window.room;
    for (const on of [false, true]) {
      await local.setMic(on);
      await local.setCamera(on);
    }
    for (const on of [true, false, true]) await local.setScreen(on);
  });
  await until("both pictures", async () => namesOf(await shownBy(other)).includes("red") && (await shownBy(other)).length === 2);
  await other.close();
  await until("the other to be gone", () => page.evaluate(() => window.room.members.length === 1));
  assert.deepEqual(await page.evaluate(() => [window.fired, window.room.negotiationsNeeded, window.connections.length]), [0, 0, 1]);
});

/** A watcher with one slot gets four by a second offer, and its picture never stops. */
async function growsIn(t, watcher) {
  const place = await setStage(t, { "media.slots.pairs": 1 });
  const colours = ["red", "green"];
  const tabs = await Promise.all(colours.map((colour) => chromiumTab(t, { colour, size: { rate: 15 } })));
  const members = await Promise.all(tabs.map((tab, i) => join(tab, { ...place, name: colours[i] })));
  await join(watcher, { ...place, name: "watcher", publish: [] });
  const view = (count) => watcher.evaluate(
    (members) => window.room.view(members.map((member) => ({ member, source: "camera", width: 160, height: 90 }))),
    members.slice(0, count),
  );
  await view(1);
  await until("the first picture", async () => namesOf(await shownBy(watcher)) === "red");
  await watcher.evaluate(() => {
    const [video] = window.videos.values();
    let last = performance.now();
    window.longest = 0; // between two frames, in milliseconds
    const seen = (now) => {
      window.longest = Math.max(window.longest, now - last);
      last = now;
      video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback(seen);
  });
  await view(2);
  await until("both pictures", async () => namesOf(await shownBy(watcher)) === "green,red" || namesOf(await shownBy(watcher)));
  await sleep(1500);
  const [before] = await shownBy(watcher);
  await until("the first picture to run on", async () => (await shownBy(watcher))[0].frames > before.frames || before);
  const result = await watcher.evaluate(() => ({
    longest: window.longest, tiles: window.room.tiles.length, connections: window.connections.length,
    needed: window.room.negotiationsNeeded, errors: window.errors,
  }));
  t.diagnostic(`the longest pause between two frames was ${Math.round(result.longest)} ms`);
  assert.ok(result.longest < 1000, `the picture stood for ${result.longest} ms`);
  assert.deepEqual({ ...result, longest: 0 }, { longest: 0, tiles: 4, connections: 1, needed: 0, errors: [] });
}

test("a second offer adds slots in Chromium", async (t) => growsIn(t, await chromiumTab(t, { colour: "blue" })));

test("a second offer adds slots in Firefox", async (t) => growsIn(t, await firefoxTab(t)));
