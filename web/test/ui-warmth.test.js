// The way into the room that is made ready in the lobby.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pass } from "./support/clock.js";
import { happen } from "./support/fake-browser.js";
import { importModule } from "./support/module.js";

const { Warmth } = await importModule("ui/warmth");
const { ConnectionError, ServerError } = await importModule("sdk/errors");

const options = { room: "yard", name: "M", lang: "en" };
const late = { ...options, name: "Mina" };

/** A Warmth whose rooms do what the test says, and what was asked of them. */
function warmth(t, { connect = async () => {}, enter = async () => {}, join = async () => {} } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  t.mock.method(Math, "random", () => 0.5);
  const did = [];
  const rooms = [];
  const make = () => {
    const listeners = {};
    const room = {
      state: "idle",
      on: (event, listener) => (listeners[event] = listener),
      say: (event, value) => listeners[event]?.(value),
      connect: (options) => (did.push(`connect ${options.name}`), connect(rooms.length)),
      enter: (name) => (did.push(`enter ${name}`), enter()),
      join: ({ name }) => (did.push(`join ${name}`), join()),
      leave: () => (did.push("leave"), room.state = "left"),
    };
    rooms.push(room);
    return room;
  };
  return { warmth: new Warmth(make), did, rooms };
}

test("joining has one step left where the lobby was warm, by the name of now", async (t) => {
  const { warmth: w, did, rooms } = warmth(t);
  w.begin(options);
  await pass(t, 100);
  const { room, join } = w.take();
  assert.equal(room, rooms[0]);
  await join(late);
  w.end(); // the lobby goes; the room is not its any more
  assert.deepEqual(did, ["connect M", "enter Mina"]);
});

test("who joins while the way is made waits for it", async (t) => {
  let connected;
  const { warmth: w, did } = warmth(t, { connect: () => new Promise((resolve) => (connected = resolve)) });
  w.begin(options);
  const joining = w.take().join(late);
  await pass(t, 100);
  assert.deepEqual(did, ["connect M"]);
  connected();
  await joining;
  assert.deepEqual(did, ["connect M", "enter Mina"]);
});

test("without warmth one joins as ever", async (t) => {
  const { warmth: w, did } = warmth(t);
  await w.take().join(late);
  assert.deepEqual(did, ["join Mina"]);
});

test("a way that is lost, or that was not to be had, is made again, ever later", async (t) => {
  const { warmth: w, did, rooms } = warmth(t, { connect: async () => { throw new ConnectionError("unreachable", "made up"); } });
  w.begin(options);
  for (const [ms, tries] of [[1900, 1], [200, 2], [3800, 2], [300, 3], [8000, 4], [120_000, 7]]) {
    await pass(t, ms);
    assert.equal(rooms.length, tries, `after ${ms} ms more`);
  }
  w.end();
  const before = did.length;
  await pass(t, 120_000);
  assert.equal(did.length, before, "who has left the lobby tries no more");
});

test("a connection that ends in the lobby is made anew", async (t) => {
  const { warmth: w, rooms } = warmth(t);
  w.begin(options);
  await pass(t, 100);
  rooms[0].say("state", "idle");
  await pass(t, 2100);
  assert.equal(rooms.length, 2);
  happen("online"); // another network
  assert.deepEqual([rooms.length, rooms[1].state], [3, "left"]);
  w.end();
  assert.equal(rooms[2].state, "left");
});

test("a server that is busy is left alone for a while", async (t) => {
  const { warmth: w, rooms } = warmth(t, { connect: () => new Promise(() => {}) });
  w.begin(options);
  rooms[0].say("queued", Date.now() + 500);
  assert.equal(rooms[0].state, "left");
  await pass(t, 1900);
  assert.equal(rooms.length, 1);
  await pass(t, 200);
  assert.equal(rooms.length, 2);
  w.end();
});

test("what is refused for good is not asked for again", async (t) => {
  const { warmth: w, did } = warmth(t, { connect: async () => { throw new ServerError("unauthorized", "made up"); } });
  w.begin(options);
  await pass(t, 120_000);
  assert.deepEqual(did, ["connect M", "leave"]);
  await w.take().join(late);
  assert.deepEqual(did, ["connect M", "leave", "join Mina"]);
});

test("a way that turns out to be dead is no reason not to come in", async (t) => {
  const { warmth: w, did } = warmth(t, { enter: async () => { throw new ConnectionError("timeout", "made up"); } });
  w.begin(options);
  await w.take().join(late);
  assert.deepEqual(did, ["connect M", "enter Mina", "join Mina"]);
});

test("what the server says on entering holds, and so does giving up", async (t) => {
  const { warmth: w, did, rooms } = warmth(t, { enter: async () => { throw new ServerError("room_full", "made up"); } });
  w.begin(options);
  await assert.rejects(w.take().join(late), { code: "room_full" });
  w.begin(options);
  const { room, join } = w.take();
  const joining = join(late);
  room.leave();
  await assert.rejects(joining);
  assert.deepEqual(did, ["connect M", "enter Mina", "connect M", "leave", "enter Mina"]);
  assert.equal(rooms.length, 2);
});
