// How the SDK sends only what anybody needs, and asks for no more than it can use.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { importModule } from "./support/module.js";

const { Publisher } = await importModule("sdk/publisher");
const { decodingBetween, Overload } = await importModule("sdk/overload");
const { watchAttention } = await importModule("sdk/attention");
const { qualityAfter } = await importModule("sdk/members");

const bitrates = { q: 150_000, h: 500_000, f: 1_700_000, screen: 2_500_000 };

/** A sender with encodings, that refuses parameters other than those it gave last. */
function sender(...rids) {
  let encodings = rids.map((rid) => ({ ...(rid && { rid }), active: true, scaleResolutionDownBy: 4, maxBitrate: 1 }));
  let given;
  return {
    replaceTrack: async () => {},
    getParameters: () => (given = { encodings: encodings.map((encoding) => ({ ...encoding })) }),
    setParameters: async (parameters) => {
      assert.equal(parameters, given);
      given = undefined;
      encodings = parameters.encodings;
    },
    active: () => encodings.filter(({ active }) => active).map(({ rid }) => rid ?? "only").join(" "),
    encodings: () => encodings,
  };
}

/** A publisher whose camera and screen are live. */
function publishing({ camera = sender("q", "h", "f"), screen = sender(""), size = { width: 1280, height: 720 } } = {}) {
  const senders = { camera, screen, mic: sender("") };
  const track = { getSettings: () => size };
  const sources = ["mic", "camera", "screen"].map((kind) => ({ kind, state: "live", track, busy: false }));
  const listeners = [];
  const local = { sources, on: (_event, listener) => (listeners.push(listener), () => {}) };
  const publisher = new Publisher(local, { sender: (kind) => senders[kind] }, bitrates, () => {});
  return { publisher, senders, sources, change: (source) => listeners.forEach((listener) => listener(source)) };
}

/** Lets everything happen that waits for nothing but its turn. */
async function settled() {
  for (let i = 0; i < 5; i++) await turn();
}

test("a publisher sends the layers that anybody needs, and no others", async () => {
  const { publisher, senders } = publishing();
  await settled();
  assert.equal(senders.camera.active(), "q h f", "all until the server says otherwise");
  for (const [wanted, sent] of [[["q", "h"], "q h"], [[], ""], [["f"], "f"], [["q", "h", "f"], "q h f"], [[""], ""]]) {
    publisher.want("camera", wanted);
    await settled();
    assert.equal(senders.camera.active(), sent, `${wanted}`);
    assert.equal(senders.screen.active(), "only", "of the camera only");
  }
});

test("a source of one layer is on while anybody needs it", async () => {
  const camera = sender("");
  const { publisher, senders } = publishing({ camera });
  await settled();
  for (const kind of ["camera", "screen"]) {
    publisher.want(kind, []);
    await settled();
    assert.equal(senders[kind].active(), "", `${kind}: nobody`);
    publisher.want(kind, [""]);
    await settled();
    assert.equal(senders[kind].active(), "only", `${kind}: somebody`);
  }
  assert.deepEqual([camera.encodings()[0].scaleResolutionDownBy, camera.encodings()[0].maxBitrate], [1, bitrates.f], "the camera in full");
  assert.equal(senders.screen.encodings()[0].maxBitrate, 1, "the screen as it was offered");
});

test("sound is sent whatever is wanted", async () => {
  const { publisher, senders } = publishing();
  publisher.want("mic", []);
  await settled();
  assert.equal(senders.mic.active(), "only");
});

test("another camera keeps to what is wanted", async () => {
  const { publisher, senders, sources, change } = publishing();
  publisher.want("camera", ["q"]);
  await settled();
  const small = { ...sources[1], track: { getSettings: () => ({ width: 640, height: 360 }) } };
  sources[1] = small;
  change(small);
  await settled();
  assert.equal(senders.camera.active(), "q");
  assert.equal(senders.camera.encodings()[0].scaleResolutionDownBy, 2, "fits the new size");
});

test("many wishes in a burst end with the last", async () => {
  const { publisher, senders } = publishing();
  for (let i = 0; i < 50; i++) publisher.want("camera", i % 2 ? ["q"] : ["q", "h", "f"]);
  await settled();
  await settled();
  assert.equal(senders.camera.active(), "q");
});

const easy = { busy: 0.1, frames: 60, dropped: 0, lossy: false };
const jammed = { busy: 0.95, frames: 20, dropped: 0, lossy: false };

/** The scale after so many looks at streams that do the same. */
function after(overload, looks, ...streams) {
  for (let i = 0; i < looks; i++) overload.judge(streams);
  return overload.scale;
}

test("a device that cannot decode asks for half, and for half again", () => {
  for (const [what, stream, scale] of [
    ["at ease", easy, 1],
    ["busy", jammed, 0.25],
    ["dropping", { busy: 0.5, frames: 60, dropped: 30, lossy: false }, 0.25],
    ["dropping for loss", { busy: 0.5, frames: 60, dropped: 30, lossy: true }, 1],
    ["dropping a few", { busy: 0.5, frames: 60, dropped: 3, lossy: false }, 1],
    ["hidden by a slow start", { busy: 0.5, frames: 5, dropped: 4, lossy: false }, 1],
  ]) {
    assert.equal(after(new Overload(), 12, easy, stream), scale, what);
  }
  const overload = new Overload();
  assert.equal(after(overload, 2, jammed), 1, "not for a moment");
  assert.equal(after(overload, 1, easy), 1);
  assert.equal(after(overload, 2, jammed), 1);
  assert.equal(after(overload, 1, jammed), 0.5);
});

test("it asks for more when it is at ease, and ever more rarely when that fails", () => {
  const overload = new Overload();
  after(overload, 3, jammed);
  const waits = [];
  for (let trial = 0; trial < 6; trial++) {
    let looks = 1;
    while (after(overload, 1, easy) < 1) looks++;
    waits.push(looks);
    assert.equal(after(overload, 3, jammed), 0.5);
  }
  assert.deepEqual(waits, [8, 16, 32, 64, 64, 64]);
  while (after(overload, 1, easy) < 1);
  after(overload, 20, easy);
  after(overload, 3, jammed);
  assert.equal(after(overload, 8, easy), 1, "a trial that went well is forgotten");
});

test("decoding is what happened between two reports", () => {
  const before = { totalDecodeTime: 10, framesDecoded: 100, framesDropped: 5, packetsLost: 1 };
  const now = { totalDecodeTime: 11, framesDecoded: 150, framesDropped: 15, packetsLost: 1 };
  assert.deepEqual(decodingBetween(before, now, 2), { busy: 0.5, frames: 60, dropped: 10, lossy: false });
});

test("a page counts as looked at until it was hidden for five seconds", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = { hidden: false, pictureInPictureElement: null, addEventListener: (_event, listener) => (page.turn = listener), removeEventListener: () => {} };
  globalThis.document = page;
  const hide = (hidden) => ((page.hidden = hidden), page.turn());
  const told = [];
  const off = watchAttention((seen) => told.push(seen));
  hide(true);
  t.mock.timers.tick(4000);
  hide(false);
  t.mock.timers.tick(9000);
  assert.deepEqual(told, [], "a glance elsewhere");
  hide(true);
  page.pictureInPictureElement = {};
  t.mock.timers.tick(9000);
  assert.deepEqual(told, [], "a video floats over other windows");
  page.pictureInPictureElement = null;
  globalThis.documentPictureInPicture = { window: {} };
  t.mock.timers.tick(9000);
  assert.deepEqual(told, [], "a window does");
  delete globalThis.documentPictureInPicture;
  t.mock.timers.tick(5000);
  assert.deepEqual(told, [false]);
  hide(false);
  assert.deepEqual(told, [false, true], "at once");
  hide(true);
  off();
  t.mock.timers.tick(9000);
  assert.deepEqual(told, [false, true]);
});

test("what is told of quality is added to what is known", () => {
  const known = new Map([["a", { up: 5, down: 5, why: "none" }], ["b", { up: 1, down: 5, why: "uplink" }]]);
  const next = qualityAfter(known, { t: "quality", a: { up: 5, down: 2, why: "downlink" }, seq: 6 });
  assert.deepEqual([...next], [["a", { up: 5, down: 2, why: "downlink" }], ["b", { up: 1, down: 5, why: "uplink" }]]);
  assert.equal(known.get("a").down, 5, "snapshots do not change");
});
