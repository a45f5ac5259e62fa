// What a phone does while one is in a room: its screen stays lit, its sound is a call's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { keepAwake } = await importModule("ui/room/awake");
const { soundLikeACall } = await importModule("ui/room/call-audio");

/** A page, and a browser whose locks it counts; `grant` false refuses, as with a low battery. */
function surroundings() {
  const page = Object.assign(new EventTarget(), { hidden: false });
  const locks = [];
  const browser = {
    grant: true,
    async request() {
      if (!browser.grant) throw new DOMException("low battery", "NotAllowedError");
      const lock = { released: false, release: async () => void (lock.released = true) };
      locks.push(lock);
      return lock;
    },
  };
  const turn = (hidden) => {
    page.hidden = hidden;
    if (hidden) for (const lock of locks) lock.released = true; // as browsers do
    page.dispatchEvent(new Event("visibilitychange"));
  };
  return { page, browser, locks, turn, held: () => locks.filter(({ released }) => !released).length };
}

/** Until all that was promised has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the screen stays lit while one is in the room, and goes dark after", async () => {
  const { page, browser, locks, turn, held } = surroundings();
  const off = keepAwake(page, browser);
  await settled();
  assert.equal(held(), 1);
  turn(true);
  await settled();
  assert.equal(held(), 0, "a hidden page holds no lock");
  turn(false);
  turn(false); // twice before the first is granted
  await settled();
  assert.deepEqual([held(), locks.length], [1, 2], "one is taken again, and only one");
  off();
  await settled();
  assert.equal(held(), 0);
  turn(false);
  await settled();
  assert.equal(held(), 0, "whoever has left needs none");
});

test("a lock that comes after one has left is let go", async () => {
  const { page, browser, held, locks } = surroundings();
  keepAwake(page, browser)();
  await settled();
  assert.deepEqual([held(), locks.length], [0, 0]);
  keepAwake(page, { request: async () => (await settled(), browser.request()) })();
  await settled();
  await settled();
  assert.equal(held(), 0);
});

test("a browser that keeps no screen lit, or will not, changes nothing else", async () => {
  keepAwake(surroundings().page, null)();
  const { page, browser, turn, held } = surroundings();
  browser.grant = false;
  const off = keepAwake(page, browser);
  await settled();
  browser.grant = true;
  turn(false);
  await settled();
  assert.equal(held(), 1, "it is asked again when the page is back");
  off();
});

test("sound is a call's while one is in the room, and plays on after an interruption", () => {
  const session = Object.assign(new EventTarget(), { type: "auto", state: "inactive" });
  const become = (state) => {
    session.state = state;
    session.dispatchEvent(new Event("statechange"));
  };
  let resumed = 0;
  const off = soundLikeACall(() => resumed++, session);
  assert.equal(session.type, "play-and-record");
  become("active");
  assert.equal(resumed, 0, "nothing was interrupted");
  become("interrupted");
  become("active");
  assert.equal(resumed, 1);
  off();
  assert.equal(session.type, "auto");
  become("interrupted");
  become("active");
  assert.equal(resumed, 1);
  soundLikeACall(() => {}, null)();
});
