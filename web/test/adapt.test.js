// Media that adapts, in Chromium on hosts of their own: thin links, loss, tiles
// that grow, layers within a stream. Sources are 720p; where a publisher need not
// be a browser it is none, so that a small machine can run it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab } from "./support/browsers.js";
import { makeHosts, noHosts } from "./support/hosts.js";
import { paintCamera, paintScreen, publishScalable } from "./support/painted.js";
import { join } from "./support/person.js";
import { startPublisher } from "./support/publisher.js";
import { startServer } from "./support/server.js";
import { farStage, stageOn } from "./support/stage.js";
import { picturesOf, visit } from "./support/visitor.js";
import { until } from "./support/wait.js";
import { encodedBy, installWatch } from "./support/watching.js";

const skip = noHosts();
const rate = 15; // frames a second
const camera = { rate, width: 1280, height: 720 };
const room = "yard";

/** A server on its host, and clients on theirs. */
async function setUp(t, clients, settings = {}) {
  const hosts = makeHosts(t, clients);
  await startServer(t, { "server.listen": "0.0.0.0:8080", "server.allowed_origins": farStage, ...settings }, hosts.server);
  return hosts.clients;
}

const serverFrom = (host) => `http://${host.server}:8080`;

/** A tab on a host that may join. */
async function tabOn(t, host, colour) {
  const page = await chromiumTab(t, { colour, host, trusted: [farStage] });
  await stageOn(page);
  return page;
}

/** A member whose camera is painted; `scalable` makes it one stream with layers within. */
async function publish(t, host, colour, scalable = undefined, painted = camera) {
  const page = await tabOn(t, host, colour);
  await page.addInitScript(paintCamera, painted);
  if (scalable) await page.addInitScript(publishScalable, scalable);
  const member = await join(page, { stage: farStage, server: serverFrom(host), room, name: colour });
  await page.evaluate(() => window.room.view([])); // it has other things to do than to look at people
  return { page, member };
}

/** A member that only watches. */
async function watch(t, host, colour) {
  const page = await tabOn(t, host, colour);
  await join(page, { stage: farStage, server: serverFrom(host), room, name: colour, publish: [] });
  await page.evaluate(installWatch);
  const seen = (member) => page.evaluate((member) => window.watched(member), member);
  return {
    page, seen,
    look: (...tiles) => page.evaluate((tiles) => window.look(...tiles), tiles),
    forget: () => page.evaluate(() => window.forgetFrames()),
    /** Waits until the member's picture is so wide, or what `enough` says of it. */
    untilWide: (member, width, within, enough = (now) => now === width) =>
      until(`a picture ${width} wide`, async () => {
        const now = await seen(member);
        return (now !== undefined && !now.why && enough(now.width)) || now;
      }, { within, every: 50 }),
  };
}

/** Waits until the publisher's own estimate has room for all of its layers, and its encoder has kept up for a second. */
async function untilFull({ page }) {
  await until("the top layer in full", async () => {
    const { f } = await encodedBy(page);
    return (f.targetBitrate > 1_300_000 && f.qualityLimitationReason === "none") || f;
  });
  await sleep(1000);
}

/** Waits until a publisher's layer is not encoded any more. */
async function untilOff({ page }, rid) {
  let before = -1;
  await until(`layer ${rid} to stop`, async () => {
    const now = (await encodedBy(page))[rid].framesEncoded;
    const stopped = now === before;
    before = now;
    return stopped || now;
  }, { every: 500 });
}

const large = (member) => [member, 1280, 720];
const small = (member) => [member, 320, 180];

/** What happened between two looks at a picture and its sound. */
function between(before, after) {
  const rise = (field) => (after[field] ?? 0) - (before[field] ?? 0);
  const seconds = (after.at - before.at) / 1000;
  return {
    seconds,
    freezes: rise("freezes"),
    frozen: rise("frozen") / seconds,
    audioLoss: rise("audioLost") / Math.max(1, rise("audioLost") + rise("audioPackets")),
    videoLoss: rise("videoLost") / Math.max(1, rise("videoLost") + rise("videoPackets")),
    concealed: (rise("concealed") - rise("silent")) / Math.max(1, rise("samples")),
    kbps: Math.round((8 * rise("bytes")) / seconds / 1000),
    fps: rise("decoded") / seconds,
  };
}

const told = (what) => JSON.stringify(what, (_, value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(4)) : value));

test("a subscriber behind a thin link falls to the lowest layer and comes back", { skip }, async (t) => {
  const [clean, thin] = await setUp(t, 2);
  const [publisher, capped, free] = [await publish(t, clean, "red"), await watch(t, thin, "green"), await watch(t, clean, "blue")];
  const { member } = publisher;
  for (const watcher of [capped, free]) await watcher.look(large(member));
  for (const watcher of [capped, free]) await watcher.untilWide(member, 1280, 30_000);
  await untilFull(publisher);

  const [before, freeBefore] = await Promise.all([capped.seen(member), free.seen(member)]);
  thin.cap("300kbit");
  const cappedAt = Date.now();
  await capped.untilWide(member, 320, 3000);
  t.diagnostic(`the lowest layer after ${Date.now() - cappedAt} ms`);
  await sleep(12_000);
  const during = await capped.seen(member);
  assert.equal(during.width, 320, "it stays there");
  const cost = between(before, during);
  const stuck = during.stuck.filter(({ to }) => to > before.at).map(({ from, to }) => Math.round(to - from));
  t.diagnostic(`behind the cap: stuck for ${stuck.join(" and ") || 0} ms, ${told(cost)}`);

  thin.uncap();
  const freeAgain = Date.now();
  await capped.untilWide(member, 1280, 10_000);
  t.diagnostic(`the top layer again after ${Date.now() - freeAgain} ms`);
  const freeAfter = await free.seen(member);
  const freeCost = between(freeBefore, freeAfter);
  t.diagnostic(`beside it: ${told(freeCost)}`);

  assert.ok(stuck.length <= 1 && stuck.every((ms) => ms <= 2000), `stuck for ${stuck} ms`);
  assert.ok(cost.audioLoss <= 0.02, `audio loss ${cost.audioLoss}`);
  assert.deepEqual([freeAfter.width, freeAfter.widths.filter(({ at }) => at > cappedAt)], [1280, []], "the other keeps its layer");
  assert.ok(freeCost.videoLoss <= 0.001, `the other lost ${freeCost.videoLoss}`);
});

test("five percent of loss on the way down freezes nothing", { skip }, async (t) => {
  const [clean, bad] = await setUp(t, 2);
  // A publisher that stalls stops the picture of everyone: what stops it beside as well is no doing of the loss.
  const [{ member }, watcher, beside] = [await publish(t, clean, "red"), await watch(t, bad, "green"), await watch(t, clean, "blue")];
  const both = (ask) => Promise.all([watcher, beside].map(ask));
  await both((one) => one.look(large(member)));
  await both((one) => one.untilWide(member, 1280, 30_000));
  bad.lose(0.05);
  await sleep(2000);
  const before = await both((one) => one.seen(member));
  await sleep(30_000);
  const after = await both((one) => one.seen(member));
  const [cost, control] = after.map((now, i) => between(before[i], now));
  t.diagnostic(`with the loss: ${told(cost)}`);
  t.diagnostic(`beside it: ${told(control)}`);
  assert.ok(cost.fps > 0.9 * control.fps, "frames come");
  assert.ok(cost.frozen - control.frozen <= 0.01, `frozen for ${cost.frozen} of the time, and ${control.frozen} beside`);
  assert.ok(cost.concealed - control.concealed <= 0.01, `${cost.concealed} of the sound was made up, and ${control.concealed} beside`);
});

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
    await sleep(1500);
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
  const fullRate = await rateOver(watcher, member, 4000);
  other.cap(`${Math.round(0.75 * fullRate.kbps)}kbit`);
  await sleep(6000); // the queue that was there before anybody knew has drained
  await watcher.forget();
  const thinned = await rateOver(watcher, member, 6000);
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
  await sleep(12_000);
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

test("the page says that a video is paused for the link, and marks who is weak", { skip }, async (t) => {
  const [clean, thin] = await setUp(t, 2);
  await startPublisher(t, { server: serverFrom(clean), room, name: "Mina", host: clean });
  const server = serverFrom(thin);
  const page = await chromiumTab(t, { colour: "blue", host: thin, trusted: [server], viewport: { width: 1280, height: 800 }, locale: "en-US" });
  await visit(page, server, room, "Dain");
  await until("the picture", async () => (await picturesOf(page)).length === 1);
  const paused = page.getByRole("group", { name: "Mina" }).getByText("Video paused: your connection is slow");
  thin.cap("100kbit"); // room for the sound and the words, not for a picture
  await paused.waitFor({ timeout: 15_000 });
  await page.getByRole("group", { name: "You" }).getByRole("button", { name: "Your connection is slow." }).waitFor({ timeout: 15_000 });
  assert.equal(await page.getByRole("group", { name: "Mina" }).locator(".avatar").count(), 1, "the tile keeps its face");
  thin.uncap();
  await paused.waitFor({ state: "detached", timeout: 30_000 });
  await until("the picture again", async () => (await picturesOf(page)).length === 1);
});

async function rateOver(watcher, member, ms) {
  const before = await watcher.seen(member);
  await sleep(ms);
  return between(before, await watcher.seen(member));
}
