// How fast and how well a slot switches in Chromium, by the SDK alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab } from "./support/browsers.js";
import { join } from "./support/person.js";
import { startPublisher } from "./support/publisher.js";
import { setStage } from "./support/stage.js";
import { switchSlot } from "./support/switching.js";
import { percentile, until } from "./support/wait.js";

test("200 switches of a slot in Chromium", async (t) => {
  const place = await setStage(t, { "media.slots.pairs": 1 });
  const [large, small, watcher] = await Promise.all([
    chromiumTab(t, { colour: "red", size: { width: 640, height: 360, rate: 15 } }),
    chromiumTab(t, { colour: "green", size: { rate: 15 } }),
    chromiumTab(t, { colour: "blue" }),
  ]);
  const [red, green] = await Promise.all([join(large, { ...place, name: "large" }), join(small, { ...place, name: "small" })]);
  await join(watcher, { ...place, name: "watcher", publish: [] });
  const result = await watcher.evaluate(switchSlot, { between: [{ member: red, width: 640 }, { member: green, width: 320 }], times: 200 });

  const [middle, p95, most] = [0.5, 0.95, 1].map((part) => Math.round(percentile(result.pictures, part)));
  t.diagnostic(`switch to first new frame: p50 ${middle} ms, p95 ${p95} ms, most ${most} ms`);
  t.diagnostic(`name after picture: p95 ${Math.round(percentile(result.names, 0.95))} ms, most ${Math.round(percentile(result.names, 1))} ms`);
  t.diagnostic(JSON.stringify(result.stream));
  assert.ok(p95 <= 500, `p95 is ${p95} ms`);
  assert.ok(most <= 1500, `the slowest took ${most} ms`);
  assert.equal(result.stream.packetsLost, 0);
  assert.ok(result.stream.framesReceived - result.stream.framesDecoded - result.stream.framesDropped <= 5, "every frame was decoded or dropped for lateness");
  assert.ok(result.stream.keyFramesDecoded >= 200, "each switch decoded its keyframe");
  assert.ok(percentile(result.names, 0.95) <= 150, "names change with pictures");
});

test("lips stay in sync across switches", async (t) => {
  const place = await setStage(t, { "media.slots.pairs": 1 });
  const publishers = await Promise.all([
    startPublisher(t, { ...place, name: "on time" }),
    startPublisher(t, { ...place, name: "ahead", ahead: "1h" }),
  ]);
  const watchers = await Promise.all(["red", "green", "blue", "yellow"].map((colour) => chromiumTab(t, { colour })));
  await Promise.all(watchers.map((watcher, i) => join(watcher, { ...place, name: `watcher ${i}`, publish: [] })));

  const apart = []; // milliseconds that sound and picture are apart
  await Promise.all(watchers.map(async (watcher, w) => {
    for (let i = 0; i < 5; i++) {
      const member = publishers[(i + w) % 2];
      await watcher.evaluate((member) => window.room.view([{ member, source: "camera", width: 640, height: 360 }]), member);
      await until("the switch", () => watcher.evaluate((member) => window.room.tiles[0].member === member && !window.room.tiles[0].why, member));
      await sleep(3000);
      for (let sample = 0; sample < 20; sample++) {
        await sleep(100);
        apart.push(await watcher.evaluate(async () => {
          const streams = await window.probe.received();
          const playing = (mid) => streams.find((stream) => stream.mid === String(mid))?.estimatedPlayoutTimestamp;
          const video = Number(window.room.tiles[0].key); // the pair's audio line comes next
          return Math.abs(playing(video + 1) - playing(video));
        }));
      }
    }
  }));
  const measured = apart.filter(Number.isFinite);
  t.diagnostic(`sound and picture apart: p50 ${percentile(measured, 0.5)} ms, p95 ${percentile(measured, 0.95)} ms, most ${percentile(measured, 1)} ms of ${measured.length} samples`);
  assert.ok(measured.length >= 0.95 * apart.length, `${apart.length - measured.length} samples had no timestamps`);
  assert.ok(percentile(measured, 0.95) <= 80, "95 % within 80 ms");
});
