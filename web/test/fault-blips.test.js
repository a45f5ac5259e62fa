// What networks and machines do to a member, and how little of it others see.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { cameraOf } from "./support/colour.js";
import { join } from "./support/person.js";
import { startProxy } from "./support/proxy.js";
import { startServer } from "./support/server.js";
import { startStage } from "./support/stage.js";
import { linesOf, picturesOf, visit, visitInFirefox, write } from "./support/visitor.js";
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
  assert.ok(concealed < 0.1, "the sound ran on");
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

/** A room on the page itself: red may be hurt, green looks on. Red's page comes over the wire. */
async function visitors(t) {
  const { url } = await startServer(t);
  const wire = await startProxy(t, url);
  const [red, green] = await Promise.all(["red", "green"].map((colour) => chromiumTab(t, { colour })));
  await Promise.all([visit(red, wire.url, "yard", "red"), visit(green, url, "yard", "green")]);
  await untilShows(green, "red");
  await green.evaluate(watchSeat, "red");
  return { red, green, wire };
}

/** Runs in a page: `seats` are the states that a member's seat goes through from now on, with times. */
function watchSeat(name) {
  const seat = () => document.querySelector(`[role="group"][aria-label="${name}"]`);
  const now = () => (!seat() ? "gone" : seat().classList.contains("reconnecting") ? "reconnecting" : "in");
  window.seats = [];
  new MutationObserver(() => {
    if (now() !== (window.seats.at(-1)?.state ?? "in")) window.seats.push({ state: now(), at: Date.now() });
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}

const untilShows = (page, colour) => until(`the picture of ${colour}`, async () => {
  const shown = (await picturesOf(page)).map((picture) => cameraOf(picture.colour)).join();
  return shown === colour || shown;
});

/** Waits until the picture of a member moves. */
async function untilMoves(page) {
  const pixels = async () => (await picturesOf(page))[0]?.pixels;
  const before = await pixels();
  await until("movement", async () => ![undefined, before].includes(await pixels()), { every: 50 });
}

/** The processes of a tab's browser. */
async function processesOf(page) {
  const session = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.map(({ id }) => id);
}

const signal = (processes, name) => processes.forEach((id) => process.kill(id, name));

test("a page that is loaded anew is the same member, with its chat, and the others see neither leave nor join", async (t) => {
  const { red, green } = await visitors(t);
  await write(red, "before the reload");
  await until("the line", async () => (await linesOf(green)).length === 1);
  const said = () => green.locator("main > [role=status]").innerText();
  const before = await said();
  await red.reload();
  const reloaded = Date.now();
  await red.getByRole("button", { name: "Leave" }).waitFor();
  await untilShows(green, "red");
  await untilMoves(green);
  t.diagnostic(`moving again ${Date.now() - reloaded} ms after the reload`);
  assert.deepEqual(await green.evaluate(() => window.seats), []);
  assert.equal(await said(), before, "nobody is said to have come or gone");
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
  await fox.reload();
  await fox.waitForSelector("section.stage");
  await untilMoves(green);
  assert.deepEqual(await green.evaluate(() => window.seats), []);
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
  const layout = () => red.evaluate(() => [...document.querySelectorAll(".seat, .picture, .bar")].map((one) => [one.className, JSON.stringify(one.getBoundingClientRect())]));
  const banner = red.locator(".notices [role=status]");
  await banner.evaluate((element) => {
    window.said = [];
    new MutationObserver(() => window.said.push(element.textContent)).observe(element, { childList: true, subtree: true, characterData: true });
  });
  const before = await layout();
  wire.cut();
  await red.getByText("Reconnecting…").waitFor();
  assert.deepEqual(await layout(), before);
  await sleep(500);
  wire.mend();
  await until("silence", async () => (await banner.textContent()) === "");
  assert.deepEqual(await layout(), before);
  assert.deepEqual(await red.evaluate(() => window.said), ["Reconnecting…", ""]);
});

test("a tab that is killed shows as reconnecting within ten seconds and is gone within 35", async (t) => {
  const { red, green } = await visitors(t);
  const processes = await processesOf(red);
  const killed = Date.now();
  signal(processes, "SIGKILL");
  const after = async (state, within) => {
    await until(state, () => green.evaluate((state) => window.seats.some((seat) => seat.state === state), state), { within });
    return (await green.evaluate((state) => window.seats.find((seat) => seat.state === state).at, state)) - killed;
  };
  const reconnecting = await after("reconnecting", 12_000);
  const gone = await after("gone", 40_000);
  t.diagnostic(`reconnecting after ${reconnecting} ms, gone after ${gone} ms`);
  assert.ok(reconnecting <= 10_000 && gone <= 35_000);
});

test("a tab that was frozen wakes up into a live picture within three seconds", async (t) => {
  const { red, green } = await visitors(t);
  const processes = await processesOf(green);
  signal(processes, "SIGSTOP");
  await sleep(30_000); // longer than a server waits for a WebSocket that says nothing
  signal(processes, "SIGCONT");
  const woken = Date.now();
  await sleep(1500); // what was left over is shown by then
  await untilMoves(green);
  await untilMoves(green);
  const took = Date.now() - woken;
  t.diagnostic(`live after ${took} ms`);
  assert.ok(took <= 3000, `live after ${took} ms`);
  await until("the picture", async () => cameraOf((await picturesOf(red))[0]?.colour ?? [0, 0, 0]) === "green");
});
