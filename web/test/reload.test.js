// What a page that is loaded anew or looks for its server shows, to itself and to others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { listenTo } from "./support/listener.js";
import { untilMoves, untilShows, visitors, watchSeat } from "./support/looker.js";
import { startServer } from "./support/server.js";
import { linesOf, picturesOf, visit, visitInFirefox, write } from "./support/visitor.js";
import { until } from "./support/wait.js";

test("a page that is loaded anew is the same member, with its chat, and the others see neither leave nor join", async (t) => {
  const { red, green } = await visitors(t);
  await write(red, "before the reload");
  await until("the line", async () => (await linesOf(green)).length === 1);
  const heard = await listenTo(green);
  await red.reload();
  const reloaded = Date.now();
  await red.getByRole("button", { name: "Leave" }).waitFor();
  await untilShows(green, "red");
  await untilMoves(green);
  t.diagnostic(`moving again ${Date.now() - reloaded} ms after the reload`);
  assert.deepEqual(await green.evaluate(() => window.seats), []);
  assert.ok(!(await heard()).join().includes("left"), "nobody is said to have gone");
  await until("the line", async () => (await linesOf(red)).join() === "before the reload");
  await write(red, "and after");
  await until("the line", async () => (await linesOf(green)).join() === "before the reload,and after");
});

test("a page that Firefox loads anew is the same member, and is gone within a second when it is closed", async (t) => {
  const { url } = await startServer(t);
  const [fox, green] = await Promise.all([firefoxTab(t), chromiumTab(t, { colour: "green" })]);
  await Promise.all([visitInFirefox(fox, url, "yard", "fox"), visit(green, url, "yard", "green")]);
  await until("the picture", async () => (await picturesOf(green)).length === 1);
  await green.evaluate(watchSeat, "fox");
  const began = Date.now();
  await fox.reload();
  await fox.waitForSelector("section.stage");
  const took = Date.now() - began;
  await untilMoves(green);
  t.diagnostic(`loaded anew in ${took} ms`);
  // Who needs longer than its bye is held is seen to go and come: a machine that is busy makes that of Firefox.
  if (took <= 600) assert.deepEqual(await green.evaluate(() => window.seats), []);
  await green.evaluate(() => window.seats.splice(0));
  const closed = Date.now();
  await fox.close();
  await until("its end", () => green.evaluate(() => window.seats.length > 0));
  const [{ state, at }] = await green.evaluate(() => window.seats);
  t.diagnostic(`${state} after ${at - closed} ms`);
  assert.ok(state === "gone" && at - closed <= 1000, `${state} after ${at - closed} ms`);
});

test("while the page looks for a way back it says so once, and nothing moves", async (t) => {
  const { red, wire } = await visitors(t);
  await untilShows(red, "green");
  const layout = () => red.evaluate(async () => {
    // a tile that has just come may still be on its way to its place
    await Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity).map((one) => one.finished));
    return [...document.querySelectorAll(".seat, .picture, .bar")].map((one) => [one.classList[0], JSON.stringify(one.getBoundingClientRect())]);
  });
  const heard = await listenTo(red);
  const before = await layout();
  wire.cut();
  await red.locator(".notices").getByText("Reconnecting…").waitFor();
  assert.deepEqual(await layout(), before);
  await sleep(500);
  wire.mend();
  await until("the way back", async () => (await heard()).at(-1) === "You are connected again." || heard());
  assert.deepEqual(await layout(), before);
  assert.deepEqual((await heard()).filter((said) => !said.includes("joined")), ["Reconnecting…", "You are connected again."]);
});
