import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { cameraLayers } = await importModule("sdk/layers");
const { pairsFor, View } = await importModule("sdk/view");
const { reached, whenShown } = await importModule("sdk/frame");
const { Members } = await importModule("sdk/members");
const { Emitter } = await importModule("sdk/emitter");

const bitrates = { q: 150_000, h: 500_000, f: 1_700_000, screen: 2_500_000 };

test("camera layers fit the size of what is caught", () => {
  const sent = (width, height, wanted) =>
    cameraLayers(width, height, bitrates, wanted && new Set(wanted))
      .filter(({ active }) => active)
      .map(({ rid, scaleResolutionDownBy }) => `${rid}/${scaleResolutionDownBy}`)
      .join(" ");
  for (const [width, height, wanted, layers] of [
    [1280, 720, undefined, "q/4 h/2 f/1"],
    [960, 540, undefined, "q/4 h/2 f/1"],
    [720, 1280, undefined, "q/4 h/2 f/1"], // a phone held upright
    [640, 360, undefined, "q/2 h/1"],
    [320, 180, undefined, "q/1"],
    [1280, 720, ["q", "h"], "q/4 h/2"],
    [1280, 720, [], ""],
    [320, 180, ["f"], "q/1"], // the largest there is
    [640, 360, ["q", "f"], "q/2 h/1"],
  ]) {
    assert.equal(sent(width, height, wanted), layers, `${width}×${height} ${wanted}`);
  }
});

test("pairs grow in steps, up to what the server allows, and never shrink", () => {
  for (const [tiles, have, most, pairs] of [
    [0, 4, 25, 4], [4, 4, 25, 4], [5, 4, 25, 9], [10, 9, 25, 16], [17, 4, 25, 25], [40, 4, 25, 25],
    [12, 4, 9, 9], [3, 1, 25, 4], [2, 1, 2, 2], [2, 9, 25, 9],
  ]) {
    assert.equal(pairsFor(tiles, have, most), pairs, `${tiles} tiles, ${have} pairs of at most ${most}`);
  }
});

test("a view is told in device pixels, and seldom in a burst of layouts", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.devicePixelRatio = 2;
  const sent = [];
  const view = new View((tiles) => sent.push(tiles));
  const wanted = (width) => [{ member: "a", source: "camera", width, height: 90.3, pinned: true }];
  for (const width of [100, 90, 80]) view.set(wanted(width));
  assert.deepEqual(sent, [[{ member: "a", source: "camera", w: 200, h: 181, pin: true }]], "the first at once");
  t.mock.timers.tick(200);
  assert.equal(sent[1][0].w, 160, "the last of the burst");
  view.set(wanted(80));
  t.mock.timers.tick(300);
  assert.equal(sent.length, 2, "the same is not told twice");
});

/** A view that remembers the widths it told. */
function viewOf(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.devicePixelRatio = 1;
  const sent = [];
  const view = new View((tiles) => sent.push(tiles.map(({ w }) => w).join()));
  const set = (...widths) => view.set(widths.map((width, i) => ({ member: `m${i}`, source: "camera", width, height: 100 })));
  return { view, sent, set };
}

test("what grows or is new is told at once, what shrinks waits", (t) => {
  const { sent, set } = viewOf(t);
  set(100, 100);
  set(100, 110); // hardly more
  assert.deepEqual(sent, ["100,100"]);
  set(100, 640);
  assert.deepEqual(sent, ["100,100", "100,640"]);
  set(90, 90);
  set(90, 90, 90);
  assert.deepEqual(sent, ["100,100", "100,640", "90,90,90"]);
  set(80, 80, 80);
  set(70, 70, 70);
  assert.equal(sent.length, 3);
  t.mock.timers.tick(200);
  assert.equal(sent.at(-1), "70,70,70");
});

test("a window that is dragged larger for seconds is told of seldom", (t) => {
  const { sent, set } = viewOf(t);
  for (let width = 100; width <= 1300; width += 10) {
    set(width);
    t.mock.timers.tick(16);
  }
  t.mock.timers.tick(200);
  assert.equal(sent.at(-1), "1300");
  assert.ok(sent.length <= 22, `told ${sent.length} times in two seconds`);
});

test("nobody looks, so nothing is asked for, and everything when somebody looks again", (t) => {
  const { view, sent, set } = viewOf(t);
  view.look(false);
  assert.deepEqual(sent, [], "before the page has said anything the server chooses");
  set(100);
  assert.deepEqual(sent, [""]);
  view.look(true);
  assert.deepEqual(sent, ["", "100"], "at once");
});

test("a device that decodes slowly is asked for less", (t) => {
  const { view, sent, set } = viewOf(t);
  set(1280, 1);
  t.mock.timers.tick(300);
  view.scale(0.25);
  assert.equal(sent.at(-1), "320,1", "never nothing, which would say that the size is not known");
});

test("RTP timestamps are compared across their wrap-around", () => {
  assert.equal(reached(10, 10), true);
  assert.equal(reached(9, 10), false);
  assert.equal(reached(5, 0xffff_fff0), true);
  assert.equal(reached(0xffff_fff0, 5), false);
});

/** A video element that shows frames when told to. */
function screen() {
  let waiting;
  return {
    requestVideoFrameCallback: (callback) => ((waiting = callback), 1),
    cancelVideoFrameCallback: () => (waiting = undefined),
    show(rtpTimestamp) {
      const callback = waiting;
      waiting = undefined;
      callback?.(0, { rtpTimestamp });
    },
  };
}

test("a name changes with the frame that has its timestamp", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = { hidden: false };
  const video = screen();
  let shown = 0;
  whenShown(1000, { getSynchronizationSources: () => [{ rtpTimestamp: 900 }] }, video, () => shown++);
  video.show(900);
  t.mock.timers.tick(200);
  assert.equal(shown, 0, "an old frame is still on the screen");
  video.show(1000);
  video.show(1100);
  assert.equal(shown, 1);
});

test("a name changes at once when its picture was faster", () => {
  let shown = 0;
  whenShown(1000, { getSynchronizationSources: () => [{ rtpTimestamp: 1000 }] }, screen(), () => shown++);
  assert.equal(shown, 1);
});

test("where nothing shows frames, a name changes with what was received", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = { hidden: false };
  let received = 900;
  let shown = 0;
  whenShown(1000, { getSynchronizationSources: () => [{ rtpTimestamp: received }] }, undefined, () => shown++);
  t.mock.timers.tick(100);
  assert.equal(shown, 0);
  received = 1000;
  t.mock.timers.tick(500);
  assert.equal(shown, 1);
});

test("people keep the order of their arrival through changes", () => {
  const members = new Members("me");
  const person = (id, name) => ({ id, name, state: "in", sources: {} });
  members.apply([person("a", "A"), person("me", "M"), person("b", "B")]);
  members.apply([person("a", "A2"), person("c", "C")], ["b", "nobody"]);
  assert.deepEqual(members.list.map(({ name, me }) => `${name}${me ? "*" : ""}`), ["A2", "M*", "C"]);
});

test("people that a server forgot keep their places until they are back, or are not waited for any more", () => {
  const person = (id, name) => ({ id, name, state: "in", sources: { mic: "live" } });
  const before = new Members("me");
  before.apply([person("a", "A"), person("me", "M"), person("b", "B"), person("b2", "B")]);
  const members = new Members("me2", before.list);
  const list = () => members.list.map(({ id, state, me }) => `${id} ${state}${me ? "*" : ""}`).join(", ");
  members.apply([person("me2", "M"), person("c", "C")]);
  assert.equal(list(), "a reconnecting, b reconnecting, b2 reconnecting, me2 in*, c in");
  members.apply([person("b3", "B"), person("b4", "B"), person("b5", "B")]);
  assert.equal(list(), "a reconnecting, b3 in, b4 in, me2 in*, c in, b5 in");
  assert.ok(members.settle());
  assert.equal(list(), "b3 in, b4 in, me2 in*, c in, b5 in");
});

test("a listener that throws spoils nothing for the others", () => {
  class Bell extends Emitter {
    ring() {
      this.emit("ring", 1);
    }
  }
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  const bell = new Bell();
  let heard = 0;
  bell.on("ring", () => {
    throw new Error("broken");
  });
  const off = bell.on("ring", () => heard++);
  bell.ring();
  off();
  bell.ring();
  assert.equal(heard, 1);
  assert.deepEqual(reported, ["broken", "broken"]);
});
