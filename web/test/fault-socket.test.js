// What a broken WebSocket, and another network, cost a member, and how little of it others see.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab } from "./support/browsers.js";
import { join } from "./support/person.js";
import { startProxy } from "./support/proxy.js";
import { startServer } from "./support/server.js";
import { startStage } from "./support/stage.js";
import { until } from "./support/wait.js";
import { installWatch } from "./support/watching.js";

/** Two members by the SDK; A's WebSocket, but not its media, goes over a wire that can be cut. */
async function pair(t) {
  const stage = await startStage(t);
  const { url: server } = await startServer(t, { "server.allowed_origins": stage });
  const wire = await startProxy(t, server);
  const [a, b] = await Promise.all(["red", "green"].map((colour) => chromiumTab(t, { colour })));
  const [idA, idB] = await Promise.all([join(a, { stage, server: wire.url, room: "yard", name: "A" }), join(b, { stage, server, room: "yard", name: "B" })]);
  await a.evaluate(installWatch);
  for (const [page, other] of [[a, idB], [b, idA]]) {
    await until("the picture", () => page.evaluate((id) => window.room.tiles.some((tile) => tile.member === id && !tile.why), other));
  }
  await sleep(1000); // the encoders settle
  await Promise.all([a.evaluate(watchStates), b.evaluate(watchMembers)]);
  return { a, b, idA, idB, wire };
}

/** Runs in a page: `states` are those that its room goes through from now on, with times. */
function watchStates() {
  window.states = [];
  window.room.on("state", (state) => window.states.push({ state, at: Date.now() }));
}

/** Runs in a page: `passages` is what it is told of others' coming, going and staying away from now on. */
function watchMembers() {
  const said = (members) => members.map(({ name, state }) => `${name} ${state}`).sort().join();
  let before = said(window.room.members);
  window.passages = [];
  window.room.on("members", (members) => {
    if (said(members) !== before) window.passages.push((before = said(members)));
  });
}

/** Waits until A is in the room again; how long it took since the event. */
async function backIn(a, since, within) {
  await until("the room", () => a.evaluate(() => window.states.at(-1)?.state === "in"), { within, every: 20 });
  return (await a.evaluate(() => window.states.at(-1).at)) - since;
}

/** What a page holds of a picture and its voice: the longest pause between two frames, and how much of the sound was made up. */
const pauses = (page, member) => page.evaluate(async (member) => {
  const { longest, concealed, samples } = await window.watched(member);
  return { longest: Math.round(longest), concealed, samples };
}, member);

const sourceAt = (page, member, kind) => page.evaluate(([id, kind]) => window.room.members.find((one) => one.id === id)?.sources[kind], [member, kind]);

test("a WebSocket that is cut is resumed within two seconds: media run on, nothing is missed, nobody notices", async (t) => {
  const { a, b, idA, idB, wire } = await pair(t);
  await until("a picture to watch", async () => (await a.evaluate((id) => window.watched(id), idB)) !== undefined);
  await a.evaluate(() => window.forgetFrames());
  const before = await pauses(a, idB);
  wire.cut();
  await until("the loss", () => a.evaluate(() => window.room.state === "reconnecting"));
  await b.evaluate(() => (window.room.local.setCamera(false), window.room.chat.send("while A is away")));
  await a.evaluate(() => (window.room.local.setMic(false), window.room.chat.send("from A, away")));
  await sleep(300);
  await b.evaluate(() => window.room.local.setCamera(true));
  wire.mend();
  const took = await backIn(a, Date.now(), 5000);
  assert.ok(took <= 2000, `resumed after ${took} ms`);
  await until("the mute", async () => (await sourceAt(b, idA, "mic")) === "muted");
  await until("the camera", async () => (await sourceAt(a, idB, "camera")) === "live");
  await until("the chat", async () => (await a.evaluate(() => window.room.chat.messages.map(({ state }) => state).join())) === "sent,sent");
  const after = await pauses(a, idB);
  const concealed = (after.concealed - before.concealed) / (after.samples - before.samples);
  t.diagnostic(`resumed after ${took} ms, ${(100 * concealed).toFixed(1)} % of the sound made up`);
  assert.ok(concealed < 0.25, "the sound ran on"); // all of a second or so: a busy machine alone costs some
  assert.deepEqual(await b.evaluate(() => window.passages), []);
  assert.equal(await a.evaluate(() => window.room.me), idA);
});

test("a WebSocket that goes silent is left for another, and media run on", async (t) => {
  const { a, b, idA, idB, wire } = await pair(t);
  await until("a picture to watch", async () => (await a.evaluate((id) => window.watched(id), idB)) !== undefined);
  await a.evaluate(() => window.forgetFrames());
  wire.silence();
  await b.evaluate(() => window.room.local.setMic(false));
  await until("word of B", async () => (await sourceAt(a, idB, "mic")) === "muted", { within: 25_000 });
  const { longest } = await pauses(a, idB);
  t.diagnostic(`longest pause ${longest} ms`);
  assert.ok(longest < 1000, `longest pause ${longest} ms`);
  assert.deepEqual(await b.evaluate(() => window.passages), []);
  assert.equal(await a.evaluate(() => window.room.me), idA);
});

test("ICE restarts where the network may be another one, while media run on", async (t) => {
  const { a, b, idA, idB } = await pair(t);
  await until("a picture to watch", async () => (await a.evaluate((id) => window.watched(id), idB)) !== undefined);
  await b.evaluate(installWatch);
  await sleep(500);
  const ufrag = () => a.evaluate(() => window.connections.at(-1).currentLocalDescription.sdp.match(/ice-ufrag:(\S+)/)[1]);
  const known = new Set([await ufrag()]);
  await Promise.all([a, b].map((page) => page.evaluate(() => window.forgetFrames())));
  for (let i = 0; i < 3; i++) {
    await a.evaluate(() => dispatchEvent(new Event("online")));
    await until("another ufrag", async () => !known.has(await ufrag()));
    known.add(await ufrag());
    await sleep(1500);
  }
  for (const [page, other] of [[a, idB], [b, idA]]) {
    const { longest } = await pauses(page, other);
    t.diagnostic(`longest pause ${longest} ms`);
    assert.ok(longest < 1000, `longest pause ${longest} ms`);
  }
  assert.deepEqual(await a.evaluate(() => [window.states, window.errors, window.connections.length]), [[], [], 1]);
});
