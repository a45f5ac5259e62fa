// What a session goes through, in Chromium.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { attemptsOf, countAttempts } from "./support/attempts.js";
import { chromiumTab } from "./support/browsers.js";
import { join } from "./support/person.js";
import { startServer } from "./support/server.js";
import { startStage } from "./support/stage.js";
import { until } from "./support/wait.js";

async function pair(t, settings = {}) {
  const stage = await startStage(t);
  const { url: server, stop, kill } = await startServer(t, { "server.allowed_origins": stage, ...settings });
  const [a, b] = await Promise.all(["red", "green"].map((colour) => chromiumTab(t, { colour })));
  const [idA] = await Promise.all([join(a, { stage, server, room: "yard", name: "A" }), join(b, { stage, server, room: "yard", name: "B" })]);
  return { stage, server, stop, kill, a, b, idA };
}

/** How B sees A: what A says of its sources, and what its tile shows. */
function seen(b, idA) {
  return b.evaluate((id) => {
    const { mic, camera } = window.room.members.find((member) => member.id === id)?.sources ?? {};
    const tile = window.room.tiles.find((tile) => tile.member === id);
    return `mic ${mic}, camera ${camera}, tile ${tile?.why ?? (tile ? "shows" : "none")}`;
  }, idA);
}

test("a mute shows at once, and the camera lets its device go", async (t) => {
  const { a, b, idA } = await pair(t);
  const becomes = (wanted) => until(wanted, async () => {
    const is = await seen(b, idA);
    return is === wanted || is;
  });
  await becomes("mic live, camera live, tile shows");
  const track = await a.evaluateHandle(() => window.room.local.camera.track);
  await a.evaluate(() => Promise.all([window.room.local.setMic(false), window.room.local.setCamera(false)]));
  assert.equal(await track.evaluate((track) => track.readyState), "ended");
  assert.equal(await a.evaluate(() => window.room.local.mic.track.readyState), "live");
  await becomes("mic muted, camera muted, tile muted");
  await a.evaluate(() => Promise.all([window.room.local.setMic(true), window.room.local.setCamera(true)]));
  await becomes("mic live, camera live, tile shows");
});

test("a camera that is unplugged is replaced by another", async (t) => {
  const { a, b, idA } = await pair(t);
  const shows = async () => (await seen(b, idA)) === "mic live, camera live, tile shows";
  await until("the picture", shows);
  const first = await a.evaluate(() => {
    const { track } = window.room.local.camera;
    track.stop();
    track.dispatchEvent(new Event("ended")); // what the browser does when the device goes
    return track.id;
  });
  await until("another track", () => a.evaluate((first) => window.room.local.camera.track?.id !== first && window.room.local.camera.state === "live", first));
  const frames = () => b.evaluate(async () => Math.max(...(await window.probe.received()).map(({ framesDecoded = 0 }) => framesDecoded)));
  const before = await frames();
  await until("its frames", async () => (await frames()) > before + 10);
  assert.ok(await shows());
});

test("a server that restarts is found again, and everything comes back", async (t) => {
  const { stage, server, stop, a, b } = await pair(t);
  await a.evaluate(() => window.room.chat.send("before"));
  const texts = (page) => page.evaluate(() => window.room.chat.messages.map(({ text, state, afterBreak }) => `${afterBreak ? "— " : ""}${text} ${state}`).join(", "));
  const becomes = (page, wanted) => until(wanted, async () => {
    const is = await texts(page);
    return is === wanted || is;
  });
  await becomes(b, "before sent");
  for (const page of [a, b]) await until("the other", () => page.evaluate(() => window.room.members.length === 2));
  for (const page of [a, b]) { // the first loss: attempts that find nobody are others
    await page.evaluate(() => window.room.on("state", () => (window.loss ??= [window.room.state, window.room.lastError?.code, window.room.members.length])));
  }
  await stop();
  for (const page of [a, b]) {
    await until("the loss", () => page.evaluate(() => window.loss !== undefined));
    assert.deepEqual(await page.evaluate(() => window.loss), ["reconnecting", "going_away", 2], "who was there stays on the screen");
  }
  await a.evaluate(() => void window.room.chat.send("meanwhile"));

  await startServer(t, { "server.allowed_origins": stage, "server.listen": new URL(server).host });
  for (const page of [a, b]) {
    await until("the room", () => page.evaluate(() => window.room.state === "in"));
    await becomes(page, "before sent, — meanwhile sent");
    await until("the other's picture", () => page.evaluate(() => window.room.tiles.some((tile) => tile.member && !tile.why)));
  }
});

test("a server that is killed is asked at most twice a second, and the room is back once it is", async (t) => {
  const { stage, server, kill, a, b } = await pair(t);
  await Promise.all([a, b].map(countAttempts));
  await kill();
  await sleep(4000);
  await startServer(t, { "server.allowed_origins": stage, "server.listen": new URL(server).host });
  const up = Date.now();
  for (const page of [a, b]) {
    await until("the room", () => page.evaluate(() => window.room.state === "in"));
    await until("the other's picture", () => page.evaluate(() => window.room.tiles.some((tile) => tile.member && !tile.why)));
  }
  t.diagnostic(`all back ${Date.now() - up} ms after the server`);
  for (const page of [a, b]) {
    const { all, most } = await attemptsOf(page);
    assert.ok(all >= 2 && most <= 2, `${all} attempts, ${most} in a second`);
  }
});

test("a wrong password is refused, and the right one lets in", async (t) => {
  const { url: server } = await startServer(t, { "rooms.password": "open sesame" });
  const page = await chromiumTab(t, { colour: "red" });
  await page.goto(`${server}/r/yard`);
  await page.getByRole("textbox", { name: "Name" }).fill("A");
  const attempt = async (password) => {
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Join" }).click();
  };
  await page.getByLabel("Password").waitFor(); // asked for because the server says that the room needs it
  await attempt("guess");
  await page.getByText("That password is not right").waitFor();
  await attempt("open sesame");
  await page.getByRole("button", { name: "Leave" }).waitFor();
});
