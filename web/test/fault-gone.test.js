// A publisher whose network is gone for a while, on hosts of their own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { large, modest, publish, setUp, skip, watch } from "./support/far.js";
import { until } from "./support/wait.js";

/** Runs in the watcher's page: `times` are when sound and pictures of a member came, and the states that it was told to be in. */
function keepTimes(member) {
  window.times = { audio: [], video: [], states: [] };
  const counts = {};
  const count = (kind, now) => {
    if (now !== undefined && now !== counts[kind]) window.times[kind].push(Date.now());
    counts[kind] = now;
  };
  setInterval(async () => {
    const watched = await window.watched(member);
    count("audio", watched?.audioPackets);
    count("video", watched?.frames);
  }, 50);
  const state = () => window.room.members.find(({ id }) => id === member)?.state ?? "gone";
  let last = state();
  window.room.on("members", () => state() !== last && window.times.states.push((last = state())));
}

for (const [seconds, audioWithin, videoWithin, states] of [[5, 1000, 1500, []], [20, 3000, 3000, ["reconnecting", "in"]]]) {
  test(`a publisher whose network is gone for ${seconds} seconds comes back as the same member`, { skip }, async (t) => {
    const [a, b] = await setUp(t, 2);
    const publisher = await publish(t, a, "red", undefined, modest);
    const watcher = await watch(t, b, "green");
    await watcher.look(large(publisher.member));
    await watcher.untilWide(publisher.member, modest.width);
    await sleep(2000); // both encoders and the estimate settle
    await watcher.page.evaluate(keepTimes, publisher.member);
    a.vanish();
    await sleep(1000 * seconds);
    a.reappear();
    const returned = Date.now();
    const after = async (kind, within) => {
      const first = () => watcher.page.evaluate(([kind, returned]) => window.times[kind].find((at) => at > returned), [kind, returned]);
      await until(kind, async () => (await first()) !== undefined);
      const took = (await first()) - returned;
      t.diagnostic(`${kind} after ${took} ms`);
      assert.ok(took <= within, `${kind} after ${took} ms`);
    };
    await after("audio", audioWithin);
    await after("video", videoWithin);
    await until("the publisher to be sure", () => publisher.page.evaluate(() => window.room.state === "in"));
    assert.deepEqual(await watcher.page.evaluate(() => window.times.states), states);
    assert.equal(await publisher.page.evaluate(() => window.room.me), publisher.member);
  });
}
