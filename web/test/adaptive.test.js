// What a view says of the elements of a page, and what it puts into them,
// against elements that are no browser's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as settled } from "node:timers/promises";
import { importModule } from "./support/module.js";

const { AdaptiveView } = await importModule("sdk/adaptive");
const { Emitter } = await importModule("sdk/emitter");

/** An observer that sees what the test shows it. */
function observer() {
  return class Observer {
    static all = [];
    targets = new Set();
    constructor(callback) {
      Observer.all.push(this);
      this.see = (target, entry) => callback([{ target, ...entry }]);
    }
    observe(target) { this.targets.add(target); }
    unobserve(target) { this.targets.delete(target); }
    disconnect() { this.targets.clear(); }
  };
}

/** A room that remembers what it was told is on the screen. */
class Room extends Emitter {
  tiles = [];
  said = [];
  view(wanted) {
    this.said.push(wanted.map(({ member, width, height, pinned }) => `${member} ${width}×${height}${pinned ? " pinned" : ""}`).join(", "));
  }
  carry(...tiles) {
    this.tiles = tiles;
    this.emit("tiles", tiles);
  }
}

/** A view of elements, in a window where `place` puts them. */
function viewing() {
  const [onScreen, sizes] = [(globalThis.IntersectionObserver = observer()), (globalThis.ResizeObserver = observer())];
  const room = new Room();
  const view = new AdaptiveView(room);
  const place = (video, width, height = width, isIntersecting = true) => {
    onScreen.all[0].see(video, { isIntersecting });
    sizes.all[0].see(video, { contentRect: { width, height } });
  };
  return { room, view, place, watched: () => onScreen.all[0].targets.size + sizes.all[0].targets.size };
}

const camera = (member, more) => ({ member, source: "camera", ...more });

/** A slot that shows itself in one element at a time. */
const slot = (name) => (video) => ((video.shows = name), () => video.shows === name && delete video.shows);

test("what is on the screen is asked for, the pinned first and then the largest", async () => {
  const { room, view, place } = viewing();
  const [small, large, pinned, hidden, none] = [{}, {}, {}, {}, {}];
  view.show(small, camera("small"));
  view.show(large, camera("large"));
  view.show(pinned, camera("pinned", { pinned: true }));
  view.show(hidden, camera("hidden"));
  view.show(none, camera("none"));
  place(small, 90);
  place(large, 640, 360);
  place(pinned, 100);
  place(hidden, 100, 100, false);
  place(none, 0);
  await settled();
  assert.deepEqual(room.said, ["pinned 100×100 pinned, large 640×360, small 90×90"], "once for all of it");
});

test("an element that grows, or goes out of sight, is told of", async () => {
  const { room, view, place } = viewing();
  const video = {};
  view.show(video, camera("a"));
  place(video, 90);
  await settled();
  place(video, 320, 180);
  await settled();
  place(video, 320, 180, false);
  await settled();
  assert.deepEqual(room.said, ["a 90×90", "a 320×180", ""]);
});

test("a picture goes into its element when it comes, and out when it is gone", () => {
  const { room, view } = viewing();
  const video = {};
  view.show(video, camera("a"));
  const [first, second] = [slot("first"), slot("second")];
  for (const [tiles, shows] of [
    [[{ key: "1", why: "empty", attach: first }], undefined],
    [[{ key: "1", member: "b", source: "camera", attach: first }], undefined],
    [[{ key: "1", member: "a", source: "screen", attach: first }], undefined],
    [[{ key: "1", member: "a", source: "camera", attach: first }], "first"],
    [[{ key: "1", member: "a", source: "camera", why: "bandwidth", attach: first }], undefined],
    [[{ key: "1", why: "empty", attach: first }, { key: "2", member: "a", source: "camera", attach: second }], "second"],
    [[], undefined],
  ]) {
    room.carry(...tiles);
    assert.equal(video.shows, shows, JSON.stringify(tiles));
  }
});

test("two pictures that change places both stay", () => {
  const { room, view } = viewing();
  const [a, b] = [{}, {}];
  const [first, second] = [slot("first"), slot("second")];
  view.show(a, camera("a"));
  view.show(b, camera("b"));
  room.carry({ ...camera("a"), attach: first }, { ...camera("b"), attach: second });
  room.carry({ ...camera("b"), attach: first }, { ...camera("a"), attach: second });
  assert.deepEqual([a.shows, b.shows], ["second", "first"]);
});

test("an element shows what was asked for last, and an old wish cannot end it", async () => {
  const { room, view, place, watched } = viewing();
  const video = {};
  const off = view.show(video, camera("a"));
  const last = view.show(video, camera("b"));
  room.carry({ ...camera("b"), attach: slot("first") });
  place(video, 100);
  off();
  await settled();
  assert.deepEqual([video.shows, room.said.at(-1)], ["first", "b 100×100"]);
  last();
  await settled();
  assert.deepEqual([video.shows, room.said.at(-1), watched()], [undefined, "", 0]);
});

test("a view that is closed leaves its elements and its room alone", async () => {
  const { room, view, watched } = viewing();
  const video = {};
  view.show(video, camera("a"));
  room.carry({ ...camera("a"), attach: slot("first") });
  view.close();
  await settled();
  const said = room.said.length;
  room.carry({ ...camera("a"), attach: slot("first") });
  await settled();
  assert.deepEqual([video.shows, watched(), room.said.length], [undefined, 0, said]);
});
