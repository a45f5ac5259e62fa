// Layers in Chromium: what a view asks for, simulcast and scalable, and a screen
// that is kept for whoever comes late.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { skip, rate, camera, room, setUp, serverFrom, tabOn, publish, watch, untilOff, large, small, between, told, rateOver } from "./support/far.js";
import { paintScreen } from "./support/painted.js";
import { join } from "./support/person.js";
import { startPublisher } from "./support/publisher.js";
import { farStage } from "./support/stage.js";
import { until } from "./support/wait.js";
import { encodedBy } from "./support/watching.js";

test("a tile that grows is sharp within a second, and what shrinks stops at its publisher", { skip }, async (t) => {
  const [clean, other] = await setUp(t, 2);
  const wants = new Map();
  const names = Array.from({ length: 8 }, (_, i) => `bot ${i}`);
  const bots = await Promise.all(names.map((name) => startPublisher(t, {
    server: serverFrom(clean), room, name, simulcast: true, host: clean, wants: (layers) => wants.set(name, { layers: layers.join(), at: Date.now() }),
  })));
  const [publisher, watcher] = [await publish(t, clean, "red"), await watch(t, other, "green")];
  const grid = [publisher.member, ...bots].map(small);
  await watcher.look(...grid);
  for (const member of [publisher.member, ...bots]) await watcher.untilWide(member, 320, 20_000);
  await untilOff(publisher, "f");
  const before = await encodedBy(publisher.page);
  await sleep(1000);
  const after = await encodedBy(publisher.page);
  assert.ok(after.q.framesEncoded > before.q.framesEncoded, "its small layer is sent");
  assert.equal(after.f.framesEncoded, before.f.framesEncoded, "nobody needs its top layer");

  for (const [who, full] of [["a browser", publisher.member], ["a bot", bots[0]]]) {
    await watcher.forget();
    const asked = Date.now();
    await watcher.look(large(full));
    await watcher.untilWide(full, 1280, 8000);
    const { widths } = await watcher.seen(full);
    const took = widths.find(({ width }) => width === 1280).at - asked;
    t.diagnostic(`${who}: the top layer after ${took} ms`);
    assert.ok(took <= 1000, `${who}: the top layer after ${took} ms`);
    await sleep(500);

    const backAt = Date.now();
    await watcher.look(...grid);
    await sleep(2000);
    const atTwo = await encodedBy(publisher.page);
    await until("the bots to be told", () => names.every((name) => wants.get(name)?.layers === "q") || Object.fromEntries(wants), { within: 1500 });
    await sleep(1000);
    const later = await encodedBy(publisher.page);
    assert.equal(later.f.framesEncoded, atTwo.f.framesEncoded, "its top layer is off within two seconds");
    const latest = Math.max(...[...wants.values()].map(({ at }) => at)) - backAt;
    t.diagnostic(`back in the grid: the last bot was told after ${latest} ms`);
    assert.ok(latest <= 2000, `the last bot was told after ${latest} ms`);
    for (const member of [publisher.member, ...bots]) await watcher.untilWide(member, 320, 5000);
  }
});

/** Publishes one stream with layers within, and lets a watcher see all of it. */
async function watchScalable(t, codec, scalable, painted = camera) {
  const [clean, other] = await setUp(t, 2, { "media.codecs": codec });
  const [publisher, watcher] = [await publish(t, clean, "red", scalable, painted), await watch(t, other, "green")];
  await watcher.look(large(publisher.member));
  await watcher.untilWide(publisher.member, painted.width, 30_000);
  await until("the scalability mode", async () => {
    const layers = await encodedBy(publisher.page);
    return layers[""]?.scalabilityMode === scalable.scalabilityMode || layers;
  });
  await sleep(3000);
  return { ...publisher, watcher, other };
}

const longestPause = 500; // milliseconds

/** Looks at a picture in one size after another, and holds each to be there without a pause. */
async function switchSizes(t, { member, watcher }, ...sizes) {
  await watcher.forget();
  const before = await watcher.seen(member);
  for (const [width, height] of sizes) {
    const asked = Date.now();
    await watcher.look([member, width, height]);
    await watcher.untilWide(member, width, 5000);
    t.diagnostic(`${width} wide after ${Date.now() - asked} ms`);
    await sleep(1000);
  }
  const after = await watcher.seen(member);
  t.diagnostic(`longest pause ${Math.round(after.longest)} ms, ${told(between(before, after))}`);
  assert.ok(after.longest <= longestPause, `the longest pause was ${after.longest} ms`);
}

const [low, middle, high] = [[320, 180], [640, 360], [1280, 720]];

test("VP9 with spatial layers within switches without a freeze", { skip }, async (t) => {
  const watched = await watchScalable(t, "vp9", { scalabilityMode: "L3T3_KEY" });
  await switchSizes(t, watched, low, high, middle, low, middle, high, low, high);
});

test("AV1 with spatial layers within switches without a freeze", { skip }, async (t) => {
  const watched = await watchScalable(t, "av1", { scalabilityMode: "L2T2_KEY" }, { rate, width: 640, height: 360 });
  await switchSizes(t, watched, low, middle, low, middle, low, middle);
});

test("AV1 with temporal layers within thins out and fills up without a freeze", { skip }, async (t) => {
  // Of 30 frames a second the fewest that its layers leave are 7 or 8: a pause is no layer's doing.
  const { member, watcher, other } = await watchScalable(t, "av1", { scalabilityMode: "L1T3" }, { rate: 30, width: 640, height: 360 });
  const fullRate = await rateOver(watcher, member, 3000);
  other.cap(`${Math.round(0.75 * fullRate.kbps)}kbit`);
  await sleep(6000); // the queue that was there before anybody knew has drained
  await watcher.forget();
  const thinned = await rateOver(watcher, member, 4000);
  other.uncap();
  await until("all frames again", async () => (await rateOver(watcher, member, 2000)).fps > 0.9 * fullRate.fps, { within: 15_000 });
  const { longest, why } = await watcher.seen(member);
  t.diagnostic(`full ${told(fullRate)}; thinned ${told(thinned)}; longest pause ${Math.round(longest)} ms`);
  assert.equal(why, undefined);
  assert.ok(thinned.fps < 0.85 * fullRate.fps && thinned.fps > 0.15 * fullRate.fps, `${thinned.fps} of ${fullRate.fps} frames a second`);
  assert.ok(longest <= longestPause, `the longest pause was ${longest} ms`);
});

test("a late comer sees a screen at once, and its sharer makes no keyframe for it", { skip }, async (t) => {
  const [clean, other, late] = await setUp(t, 3);
  const sharer = await tabOn(t, clean, "red");
  await sharer.addInitScript(paintScreen);
  const member = await join(sharer, { stage: farStage, server: serverFrom(clean), room, name: "red", publish: [] });
  await sharer.evaluate(async () => {
    window.room.view([]);
    await window.room.local.setScreen(true);
  });
  const keyframes = () => keyframesOf(sharer);
  const look = (watcher) => watcher.page.evaluate((member) => window.room.view([{ member, source: "screen", w: 1280, h: 720 }]), member);
  const first = await watch(t, other, "green");
  await look(first);
  await until("the screen", async () => (await screenOf(first.page)).framesDecoded > 5 || (await screenOf(first.page)), { within: 20_000 });
  await sleep(6000);
  const before = await keyframes();

  const second = await watch(t, late, "blue");
  const came = Date.now();
  await look(second);
  await until("the screen again", async () => (await screenOf(second.page)).framesDecoded > 0, { within: 10_000, every: 20 });
  t.diagnostic(`on the late comer's screen after ${Date.now() - came} ms`);
  await sleep(2000);
  const settled = await screenOf(second.page);
  await sleep(4000);
  const after = await screenOf(second.page);
  const waited = (after.jitterBufferDelay - settled.jitterBufferDelay) / (after.jitterBufferEmittedCount - settled.jitterBufferEmittedCount);
  const made = (await keyframes()) - before;
  t.diagnostic(told({ made, waited, decoded: after.framesDecoded, dropped: after.framesDropped, plis: after.pliCount, live: after.framesDecoded - settled.framesDecoded }));
  assert.equal(made, 0, "keyframes were made for it");
  assert.ok(after.framesDecoded - settled.framesDecoded > 10, "it goes on");
  assert.ok(waited < 0.2, `its frames wait ${waited} s`);
});

/** What a page receives of the only picture there is. */
const screenOf = (page) => page.evaluate(async () => (await window.probe.received()).find(({ kind, framesDecoded }) => kind === "video" && framesDecoded > 0) ?? {});

/** How many keyframes a page has encoded. */
const keyframesOf = (page) => page.evaluate(async () => {
  let sum = 0;
  for (const connection of window.connections)
    for (const stat of (await connection.getStats()).values()) if (stat.type === "outbound-rtp" && stat.kind === "video") sum += stat.keyFramesEncoded ?? 0;
  return sum;
});
