// What holds for slots in real browsers, by the SDK alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { cameraOf } from "./support/colour.js";
import { join } from "./support/person.js";
import { startPublisher } from "./support/publisher.js";
import { startServer } from "./support/server.js";
import { startStage } from "./support/stage.js";
import { switchSlot } from "./support/switching.js";
import { percentile, until } from "./support/wait.js";

/** A server and a stage that may join it. */
async function setUp(t, settings = {}) {
  const stage = await startStage(t);
  const { url: server } = await startServer(t, { "server.allowed_origins": stage, ...settings });
  return { stage, server, room: "yard" };
}

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

test("lips stay in sync across switches", async (t) => {
  const place = await setUp(t, { "media.slots.pairs": 1 });
  const publishers = await Promise.all([
    startPublisher(t, { ...place, name: "on time" }),
    startPublisher(t, { ...place, name: "ahead", ahead: "1h" }),
  ]);
  const watchers = await Promise.all([chromiumTab(t, { colour: "red" }), chromiumTab(t, { colour: "green" })]);
  await Promise.all(watchers.map((watcher, i) => join(watcher, { ...place, name: `watcher ${i}`, publish: [] })));

  const apart = []; // milliseconds that sound and picture are apart
  await Promise.all(watchers.map(async (watcher, w) => {
    for (let i = 0; i < 10; i++) {
      const member = publishers[(i + w) % 2];
      await watcher.evaluate((member) => window.room.view([{ member, source: "camera", width: 640, height: 360 }]), member);
      await until("the switch", () => watcher.evaluate((member) => window.room.tiles[0].member === member && !window.room.tiles[0].why, member));
      await sleep(3000);
      const seen = [];
      for (let sample = 0; sample < 10; sample++) {
        await sleep(100);
        seen.push(await watcher.evaluate(async () => {
          const streams = await window.probe.received();
          const playing = (mid) => streams.find((stream) => stream.mid === String(mid))?.estimatedPlayoutTimestamp;
          const video = Number(window.room.tiles[0].key); // the pair's audio line comes next
          const st = [...(await window.room.pc?.getStats?.() ?? [])].map(x => x[1]);
          const by = (mid) => streams.find((stream) => stream.mid === String(mid)) ?? {};
          const brief = (x) => ({ jb: (x.jitterBufferDelay / x.jitterBufferEmittedCount * 1000) | 0, tg: (x.jitterBufferTargetDelay / x.jitterBufferEmittedCount * 1000) | 0, lost: x.packetsLost, conc: x.concealedSamples, n: x.packetsReceived, acc: x.removedSamplesForAcceleration, ins: x.insertedSamplesForDeceleration });
          return [playing(video + 1) - playing(video), brief(by(video)), brief(by(video + 1))];
        }));
      }
      apart.push(...seen.map((x) => Math.abs(x[0])));
      console.log(`watcher ${w} switch ${i}: ${seen.map((x) => Math.round(x[0])).join(" ")} video ${JSON.stringify(seen[9][1])} audio ${JSON.stringify(seen[9][2])}`);
    }
  }));
  const measured = apart.filter(Number.isFinite);
  t.diagnostic(`sound and picture apart: p50 ${percentile(measured, 0.5)} ms, p95 ${percentile(measured, 0.95)} ms, most ${percentile(measured, 1)} ms of ${measured.length} samples`);
  assert.ok(measured.length >= 0.95 * apart.length, `${apart.length - measured.length} samples had no timestamps`);
  assert.ok(percentile(measured, 0.95) <= 80, "95 % within 80 ms");
});