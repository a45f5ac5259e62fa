// What a thin or lossy link does to its own subscriber in Chromium, and to nobody
// else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab } from "./support/browsers.js";
import { skip, room, setUp, serverFrom, publish, watch, untilFull, large, between, told } from "./support/far.js";
import { startPublisher } from "./support/publisher.js";
import { picturesOf, visit } from "./support/visitor.js";
import { until } from "./support/wait.js";

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
  const [during, beside] = await Promise.all([capped.seen(member), free.seen(member)]);
  assert.equal(during.width, 320, "it stays there");
  const cost = between(before, during);
  const { own: stuck, shared } = stuckSince(cappedAt, during, beside);
  t.diagnostic(`behind the cap: stuck for ${stuck.join(" and ") || 0} ms, and with all others for ${shared.join(" and ") || 0} ms; ${told(cost)}`);

  thin.uncap();
  const freeAgain = Date.now();
  await capped.untilWide(member, 1280, 10_000);
  t.diagnostic(`the top layer again after ${Date.now() - freeAgain} ms`);
  const freeAfter = await free.seen(member);
  const freeCost = between(freeBefore, freeAfter);
  t.diagnostic(`beside it: ${told(freeCost)}`);

  // Chromium counts a picture that moves once between two freezes as two, and the page one that its compositor showed late.
  assert.ok(Math.min(stuck.length, cost.freezes) <= 1 && stuck.every((ms) => ms <= 2000), `stuck for ${stuck} ms, ${cost.freezes} freezes`);
  assert.ok(cost.audioLoss <= 0.02, `audio loss ${cost.audioLoss}`);
  assert.deepEqual([freeAfter.width, freeAfter.widths.filter(({ at }) => at > cappedAt)], [1280, []], "the other keeps its layer");
  assert.ok(freeCost.videoLoss <= 0.001, `the other lost ${freeCost.videoLoss}`);
});

// A publisher that stalls stops the picture of everyone: what is stuck beside as well, for half of the time, is no
// doing of the link.
function stuckSince(since, picture, control) {
  const [own, shared] = [[], []];
  for (const { from, to } of picture.stuck) {
    if (picture.epoch + to <= since) continue;
    const both = control.stuck.map((other) => {
      const shift = control.epoch - picture.epoch; // from one page's clock to the other's
      return Math.min(to, other.to + shift) - Math.max(from, other.from + shift);
    });
    const overlap = both.filter((ms) => ms > 0).reduce((sum, ms) => sum + ms, 0);
    (overlap < (to - from) / 2 ? own : shared).push(Math.round(to - from));
  }
  return { own, shared };
}

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
  await sleep(20_000);
  const after = await both((one) => one.seen(member));
  const [cost, control] = after.map((now, i) => between(before[i], now));
  t.diagnostic(`with the loss: ${told(cost)}`);
  t.diagnostic(`beside it: ${told(control)}`);
  assert.ok(cost.fps > 0.9 * control.fps, "frames come");
  assert.ok(cost.frozen - control.frozen <= 0.01, `frozen for ${cost.frozen} of the time, and ${control.frozen} beside`);
  assert.ok(cost.concealed - control.concealed <= 0.01, `${cost.concealed} of the sound was made up, and ${control.concealed} beside`);
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
