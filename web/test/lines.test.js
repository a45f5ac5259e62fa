// What the SDK does with its lines, against lines that are no browser's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as settled } from "node:timers/promises";
import { importModule } from "./support/module.js";

const { Emitter } = await importModule("sdk/emitter");
const { Publisher } = await importModule("sdk/publisher");
const { Tiles } = await importModule("sdk/tiles");

globalThis.MediaStream = class {};
const bitrates = { q: 150_000, h: 500_000, f: 1_700_000, screen: 2_500_000 };

/** Our own media, as the test wants it. */
class Local extends Emitter {
  kinds = Object.fromEntries(["mic", "camera", "screen", "screen-audio"].map((kind) => [kind, { kind, state: "ended", busy: false }]));
  get sources() { return Object.values(this.kinds); }
  set(kind, state, track) {
    this.kinds[kind] = { kind, state, busy: false, ...(track && { track }) };
    this.emit("change", this.kinds[kind]);
  }
}

function publishing() {
  const local = new Local();
  const did = [];
  const senders = {};
  const sender = (kind) => (senders[kind] ??= {
    encodings: ["q", "h", "f"].map((rid) => ({ rid })),
    async replaceTrack(track) { did.push(`${kind} line: ${track?.name ?? "nothing"}`); },
    getParameters() { return { encodings: this.encodings }; },
    async setParameters({ encodings }) {
      did.push(`layers: ${encodings.filter(({ active }) => active).map(({ rid, scaleResolutionDownBy }) => `${rid}/${scaleResolutionDownBy}`).join(" ")}`);
    },
  });
  const publisher = new Publisher(local, { sender }, bitrates, (source, state) => did.push(`${source} ${state}`));
  return { local, did, publisher };
}

const film = (name, width, height) => ({ name, getSettings: () => ({ width, height }) });

test("a source is on its line before the others are told, with layers of its size", async () => {
  const { local, did } = publishing();
  local.set("camera", "live", film("camera", 640, 360));
  await settled();
  assert.deepEqual(did, ["camera line: camera", "camera live", "layers: q/2 h/1"]);
});

test("a mute is told before anything is done", async () => {
  const { local, did } = publishing();
  local.set("camera", "live", film("camera", 1280, 720));
  await settled();
  did.length = 0;
  local.set("camera", "muted");
  assert.deepEqual(did, ["camera muted"]);
  await settled();
  assert.deepEqual(did, ["camera muted", "camera line: nothing"]);
});

test("quick changes end where the last one wished", async () => {
  const { local, did } = publishing();
  const track = film("mic");
  local.set("mic", "live", track);
  local.set("mic", "muted", track);
  local.set("mic", "live", track);
  await settled();
  assert.equal(did.filter((what) => what.startsWith("mic line")).length, 1);
  assert.equal(did.filter((what) => /^mic (live|muted|ended)$/.test(what)).at(-1), "mic live");
});

test("what is live when we come in is published, what is not is not mentioned", async () => {
  const local = new Local();
  local.set("mic", "muted", film("mic"));
  const told = [];
  const sender = () => ({ replaceTrack: async () => {} });
  new Publisher(local, { sender }, bitrates, (source, state) => told.push(`${source} ${state}`));
  await settled();
  assert.deepEqual(told, ["mic muted"]);
});

test("only the layers that anybody needs are sent", async () => {
  const { local, did, publisher } = publishing();
  local.set("camera", "live", film("camera", 1280, 720));
  await settled();
  did.length = 0;
  publisher.want("camera", ["q"]);
  publisher.want("screen", []);
  await settled();
  assert.deepEqual(did, ["layers: q/4"]);
});

/** A line whose receiver has heard up to an RTP timestamp. */
function line(mid) {
  const heard = { timestamp: undefined };
  const getSynchronizationSources = () => (heard.timestamp === undefined ? [] : [{ rtpTimestamp: heard.timestamp }]);
  return { mid, heard, receiver: { track: {}, getSynchronizationSources } };
}

function showing() {
  globalThis.document = { hidden: false };
  const video = line("4");
  let now = [];
  const tiles = new Tiles((all) => (now = all));
  tiles.add([{ video, audio: line("5") }]);
  return { video, tiles, tile: async () => (await Promise.resolve(), now[0]) };
}

test("a tile is empty until the first frame of its source, and keeps its key", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { video, tiles, tile } = showing();
  const { key, why } = await tile();
  assert.deepEqual([key, why], ["4", "empty"]);
  tiles.carry({ 4: { member: "a", source: "camera", ts: 1000 }, 5: { member: "a", source: "mic", ts: 1 } });
  assert.equal((await tile()).member, undefined);
  video.heard.timestamp = 1000;
  t.mock.timers.tick(100);
  const { attach, ...shown } = await tile();
  assert.deepEqual(shown, { key: "4", member: "a", source: "camera" });
});

test("a mute cuts at once and forgets what was on its way", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { video, tiles, tile } = showing();
  video.heard.timestamp = 900;
  tiles.carry({ 4: { member: "a", source: "camera", ts: 1000 } });
  tiles.carry({ 4: { member: "a", source: "camera", why: "muted" } });
  video.heard.timestamp = 1000;
  t.mock.timers.tick(5000);
  assert.deepEqual([(await tile()).member, (await tile()).why], ["a", "muted"]);
});

test("a picture that never comes does not hold its name for ever", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const now = t.mock.method(performance, "now", () => 0);
  const { tiles, tile } = showing();
  tiles.carry({ 4: { member: "a", source: "camera", ts: 1000 } });
  now.mock.mockImplementation(() => 1001);
  t.mock.timers.tick(100);
  assert.equal((await tile()).member, "a");
});
