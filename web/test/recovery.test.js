// Finding back: each transition of the table in sdk/recovery.ts, the times between
// attempts, and when the media look for another way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { Backoff } = await importModule("sdk/backoff");
const { Recovery, isFinal } = await importModule("sdk/recovery");
const { Path } = await importModule("sdk/path");
const { ConnectionError, ServerError } = await importModule("sdk/errors");

const settle = async () => { for (let i = 0; i < 10; i++) await Promise.resolve(); };
const unreachable = new ConnectionError("unreachable", "");

/**
 * A member in a room. Each attempt fails with the next of `errors`, and works
 * when there is none left; `random` is how much of each wait is waited.
 */
function inRoom(t, { errors = [], random = 1 } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const seen = { attempts: [], changes: [], over: [] };
  const recovery = new Recovery({
    attempt: async () => {
      seen.attempts.push(Date.now());
      const error = errors.shift();
      if (error) throw error;
    },
    changed: () => seen.changes.push(recovery.away ? "away" : "in"),
    over: (error) => seen.over.push(error.code),
  }, new Backoff(() => random));
  const pass = async (ms) => {
    for (let left = ms; left > 0; left -= 10) {
      t.mock.timers.tick(10);
      await settle();
    }
  };
  const lose = async () => (recovery.lost(), await settle());
  return { recovery, seen, pass, lose };
}

const gapsOf = ({ attempts }) => attempts.slice(1).map((at, i) => at - attempts[i]);

test("in → away → in: a lost WebSocket is made up for at once", async (t) => {
  const { seen, lose, pass } = inRoom(t);
  await lose();
  await pass(60_000);
  assert.deepEqual(seen, { attempts: [0], changes: ["away", "in"], over: [] });
});

test("away: losing again changes nothing", async (t) => {
  const { seen, lose } = inRoom(t, { errors: [unreachable] });
  await lose();
  await lose();
  assert.deepEqual(seen, { attempts: [0], changes: ["away"], over: [] });
});

test("away: attempts that fail are followed by others, later and later, up to five seconds", async (t) => {
  const { seen, lose, pass } = inRoom(t, { errors: Array(8).fill(unreachable) });
  await lose();
  await pass(60_000);
  assert.deepEqual(gapsOf(seen), [500, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  assert.deepEqual(seen.changes, ["away", "in"]);
});

test("away: there are at most two attempts a second, however little is waited and whoever hurries", async (t) => {
  const { recovery, seen, lose, pass } = inRoom(t, { errors: Array(8).fill(unreachable), random: 0 });
  await lose();
  for (let i = 0; i < 500; i++) {
    recovery.hurry();
    await pass(10);
  }
  assert.deepEqual(gapsOf(seen), Array(8).fill(500));
});

test("away: where nobody answers the next attempt comes soon", async (t) => {
  const silent = new ConnectionError("timeout", "");
  const { seen, lose, pass } = inRoom(t, { errors: Array(5).fill(silent) });
  await lose();
  await pass(10_000);
  assert.deepEqual(gapsOf(seen), Array(5).fill(500));
});

test("away: a server that says when is not asked before", async (t) => {
  const { recovery, seen, lose, pass } = inRoom(t, { errors: [new ServerError("unavailable", "", 3000)] });
  await lose();
  await pass(1000);
  recovery.hurry();
  await pass(5000);
  assert.deepEqual(gapsOf(seen), [3000]);
});

test("away: the network is back, and the wait is over", async (t) => {
  const { recovery, seen, lose, pass } = inRoom(t, { errors: Array(6).fill(unreachable) });
  await lose();
  await pass(9000); // the sixth was at 8 s, the next would be at 13 s
  recovery.hurry();
  await settle();
  assert.deepEqual(seen.attempts, [0, 500, 1000, 2000, 4000, 8000, 9000]);
  assert.deepEqual(seen.changes, ["away", "in"]);
});

test("away → over: what is refused for good is not asked again", async (t) => {
  for (const code of ["unauthorized", "forbidden", "room_locked", "not_found"]) {
    const { seen, lose, pass } = inRoom(t, { errors: [unreachable, new ServerError(code, "")] });
    await lose();
    await pass(60_000);
    assert.equal(seen.attempts.length, 2, code);
    assert.deepEqual([seen.changes, seen.over], [["away"], [code]]);
    t.mock.timers.reset();
  }
});

test("away → over: who leaves is not brought back", async (t) => {
  const { recovery, seen, lose, pass } = inRoom(t, { errors: [unreachable] });
  await lose();
  recovery.stop();
  await pass(60_000);
  assert.deepEqual(seen, { attempts: [0], changes: ["away"], over: [] });
  await lose();
  assert.equal(seen.attempts.length, 1);
});

test("in: a server that loses us again and again is asked less and less; after a quiet while it is another story", async (t) => {
  const { seen, lose, pass } = inRoom(t, { errors: [unreachable, unreachable, unreachable] });
  await lose();
  await pass(2000); // in at 2 s
  await lose();
  await pass(8000); // in for more than five seconds
  assert.deepEqual(seen.attempts, [0, 500, 1000, 2000, 3000]);
  await lose();
  assert.equal(seen.attempts.at(-1), 10_000);
});

test("what may pass is tried again, what may not is not", () => {
  for (const code of ["closed", "timeout", "unreachable", "going_away", "media_failed"]) assert.ok(!isFinal(new ConnectionError(code, "")), code);
  for (const code of ["unavailable", "internal", "too_fast", "room_full", "conflict"]) assert.ok(!isFinal(new ServerError(code, "")), code);
  for (const code of ["kicked", "room_gone", "replaced", "unauthorized"]) assert.ok(isFinal(new ConnectionError(code, "")), code);
});

/** A connection whose states the test says, and what is done about them. */
function onPath(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const seen = [];
  const path = new Path(() => seen.push(`restart ${Date.now()}`), (broken) => seen.push(broken ? "broken" : "whole"));
  t.after(() => path.close());
  return { path, seen, pass: (ms) => t.mock.timers.tick(ms) };
}

test("media that are gone for two seconds look for another way, and again while they find none", (t) => {
  const { path, seen, pass } = onPath(t);
  path.state("disconnected");
  pass(1999);
  assert.deepEqual(seen, []);
  pass(1);
  assert.deepEqual(seen, ["broken", "restart 2000"]);
  path.state("connecting");
  pass(8000);
  path.state("connected");
  pass(60_000);
  assert.deepEqual(seen, ["broken", "restart 2000", "broken", "restart 10000", "whole"]);
});

test("media that come back by themselves look for nothing", (t) => {
  const { path, seen, pass } = onPath(t);
  path.state("disconnected");
  pass(1500);
  path.state("connected");
  pass(60_000);
  assert.deepEqual(seen, ["whole"]);
});

test("media that failed look for another way at once", (t) => {
  const { path, seen } = onPath(t);
  path.state("disconnected");
  path.state("failed");
  assert.deepEqual(seen, ["broken", "restart 0"]);
});
