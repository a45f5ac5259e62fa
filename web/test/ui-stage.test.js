// How tiles lie on the stage, and whose they are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { capacity, pack } = await importModule("ui/stage/pack");
const { arrange } = await importModule("ui/stage/arrange");
const { reseat, seatsOf, spokeLately } = await importModule("ui/stage/seats");

const wide = { gap: 8, aspect: [4 / 3, 16 / 9] };
const tall = { gap: 8, aspect: [2 / 3, 16 / 9] };
const windows = [[1280, 720], [1920, 1080], [374, 680], [776, 374], [320, 320], [2560, 400], [0, 0], [5, 900]];

const area = (width, height) => ({ x: 0, y: 0, width, height });
const overlap = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test("tiles have one size, lie within the stage, and never overlap", () => {
  for (const [width, height] of windows) {
    for (let count = 1; count <= 30; count++) {
      const boxes = pack(count, area(width, height), wide);
      if (width * height === 0) {
        assert.deepEqual(boxes, []);
        continue;
      }
      assert.equal(boxes.length, count);
      for (const [i, box] of boxes.entries()) {
        const where = `${count} in ${width}×${height}: ${JSON.stringify(box)}`;
        assert.deepEqual([box.width, box.height], [boxes[0].width, boxes[0].height], where);
        assert.ok(Object.values(box).every(Number.isInteger), where);
        assert.ok(boxes[0].width === 0 || (box.x >= 0 && box.x + box.width <= width + 1), where);
        assert.ok(boxes[0].height === 0 || (box.y >= 0 && box.y + box.height <= height + 1), where);
        assert.ok(!boxes.slice(0, i).some((other) => overlap(other, box)), where);
      }
    }
  }
});

test("tiles are as large as any number of columns allows", () => {
  for (const [width, height] of windows.slice(0, 6)) {
    for (let count = 1; count <= 20; count++) {
      const [box] = pack(count, area(width, height), wide);
      for (let columns = 1; columns <= count; columns++) {
        const rows = Math.ceil(count / columns);
        const [w, h] = [(width - 8 * (columns - 1)) / columns, (height - 8 * (rows - 1)) / rows];
        if (w <= 0 || h <= 0) continue;
        const possible = Math.floor(Math.min(w, (h * 16) / 9)) * Math.floor(Math.min(h, (w * 3) / 4));
        assert.ok(box.width * box.height >= possible, `${count} in ${width}×${height}: ${columns} columns are better`);
      }
    }
  }
});

test("known stages are packed as one would by hand", () => {
  for (const { count, stage, packing, rows } of [
    { count: 1, stage: [1264, 711], packing: wide, rows: [1] },
    { count: 2, stage: [1264, 711], packing: wide, rows: [2] },
    { count: 3, stage: [1264, 711], packing: wide, rows: [2, 1] },
    { count: 4, stage: [1264, 711], packing: wide, rows: [2, 2] },
    { count: 5, stage: [1264, 711], packing: wide, rows: [3, 2] },
    { count: 9, stage: [1264, 711], packing: wide, rows: [3, 3, 3] },
    { count: 2, stage: [374, 680], packing: tall, rows: [1, 1] },
    { count: 4, stage: [374, 680], packing: tall, rows: [2, 2] },
    { count: 4, stage: [1400, 200], packing: wide, rows: [4] },
  ]) {
    const counted = new Map();
    for (const box of pack(count, area(...stage), packing)) counted.set(box.y, (counted.get(box.y) ?? 0) + 1);
    assert.deepEqual([...counted.values()], rows, `${count} in ${stage}`);
  }
});

test("the last row stands in the middle", () => {
  const boxes = pack(5, area(1264, 711), wide);
  const last = boxes.slice(3);
  const left = last[0].x;
  const right = 1264 - (last[1].x + last[1].width);
  assert.ok(Math.abs(left - right) <= 1, `${left} left, ${right} right`);
});

test("as many tiles fit as stay wide enough", () => {
  for (const [count, [width, height], narrowest, fits] of [
    [4, [1264, 711], 84, 4], [100, [374, 680], 84, 40], [10, [150, 100], 84, 1], [3, [10, 10], 84, 1],
  ]) {
    const got = capacity(count, area(width, height), wide, narrowest);
    assert.ok(got <= count && got >= 1);
    if (got > 1) assert.ok(pack(got, area(width, height), wide)[0].width >= narrowest);
    if (fits === 1 || fits === count) assert.equal(got, fits);
    else assert.ok(got < count);
  }
});

const face = (member, more) => ({ member, source: "camera", me: false, ...more });
const me = face("me", { me: true });
const others = (count) => Array.from({ length: count }, (_, i) => face(`m${i}`));
const placesOf = ({ placed }) => placed.map(({ seat, place }) => `${seat.member}:${place}`);

test("alone one fills the stage, with others one stands in the corner, in a crowd among them", () => {
  assert.deepEqual(placesOf(arrange([me], 1264, 711)), ["me:face"]);
  assert.deepEqual(placesOf(arrange([...others(1), me], 1264, 711)), ["m0:face", "me:corner"]);
  assert.deepEqual(placesOf(arrange([...others(3), me], 1264, 711)).at(-1), "me:corner");
  assert.deepEqual(placesOf(arrange([...others(8), me], 1264, 711)).at(-1), "me:face");
});

test("the self-view never covers more than a quarter of anybody", () => {
  for (const [width, height] of windows.slice(0, 5)) {
    for (let count = 1; count <= 20; count++) {
      const { placed } = arrange([...others(count), me], width, height);
      const corner = placed.find(({ place }) => place === "corner");
      if (!corner) continue;
      const least = Math.min(...placed.filter(({ place }) => place === "face").map(({ box }) => box.width * box.height));
      assert.ok(corner.box.width * corner.box.height <= least / 4, `${count} in ${width}×${height}`);
    }
  }
});

test("a screen takes the stage and nothing covers it", () => {
  for (const [width, height] of windows.slice(0, 4)) {
    for (let count = 1; count <= 30; count++) {
      const screen = { member: "m0", source: "screen", me: false };
      const { placed, hidden, hiddenBox } = arrange([screen, ...others(count), me], width, height);
      const main = placed.find(({ place }) => place === "main");
      assert.equal(main.seat, screen);
      assert.ok(placed.every((other) => other === main || !overlap(other.box, main.box)), `${count} in ${width}×${height}`);
      assert.equal(placed.length + hidden.length, count + 2);
      assert.equal(hidden.length > 0, hiddenBox !== undefined);
    }
  }
});

test("who finds no room is counted, not squeezed in", () => {
  const { placed, hidden, hiddenBox } = arrange([...others(60), me], 1264, 711);
  assert.equal(placed.length + hidden.length, 61);
  assert.ok(hidden.length >= 36 && hiddenBox);
  assert.ok(placed.every(({ box }) => box.width >= 84));
});

test("who is pinned takes the stage, before any screen, and all others stand among the faces", () => {
  const screen = { member: "m2", source: "screen", me: false };
  for (const [seats, pinned, places] of [
    [[...others(3), me], "m1/camera", ["m1:main", "m0:face", "m2:face", "me:face"]],
    [[screen, ...others(2), me], "m1/camera", ["m1:main", "m2:face", "m0:face", "me:face"]],
    [[screen, ...others(2), me], "m2/screen", ["m2:main", "m0:face", "m1:face", "me:face"]],
    [[screen, ...others(2), me], "gone/camera", ["m2:main", "m0:face", "m1:face", "me:face"]],
    [[...others(3), me], "gone/camera", ["m0:face", "m1:face", "m2:face", "me:corner"]],
  ]) assert.deepEqual(placesOf(arrange(seats, 1264, 711, pinned)), places, pinned);
  const { placed } = arrange([...others(60), me], 374, 680, "m59/camera");
  assert.equal(placed[0].seat.member, "m59", "however many there are");
});

test("on a stage without room nobody counts as hidden", () => {
  assert.deepEqual(arrange([...others(3), me], 0, 0), { placed: [], hidden: [] });
});

const member = (id, more) => ({ id, name: id, state: "in", sources: {}, me: false, ...more });

test("seats stand in the order of arrival, screens first, oneself last", () => {
  const members = [
    member("a"), member("me", { me: true, sources: { screen: "live" } }), member("b", { sources: { screen: "live" } }),
    member("c", { sources: { screen: "muted" } }), member("d", { sources: { screen: "live" } }),
  ];
  const seats = seatsOf(members).map(({ member: id, source }) => `${id}/${source}`);
  assert.deepEqual(seats, ["d/screen", "b/screen", "a/camera", "b/camera", "c/camera", "d/camera", "me/camera"]);
});

const say = (...ids) => ids.map((id) => ({ member: id, level: 0.5 }));

test("a hidden speaker takes the seat of who was silent longest, nobody else moves", () => {
  const order = ["a", "b", "c", "x", "y", "z"];
  const hidden = new Set(["x", "y", "z"]);
  for (const { speakers, lately = [], becomes = order } of [
    { speakers: [] },
    { speakers: ["a", "b"] },
    { speakers: ["x"], becomes: ["a", "b", "x", "c", "y", "z"] },
    { speakers: ["x"], lately: ["x", "c", "b"], becomes: ["x", "b", "c", "a", "y", "z"] },
    { speakers: ["x"], lately: ["x", "c", "a", "b"], becomes: ["a", "x", "c", "b", "y", "z"] },
    { speakers: ["y", "a", "x"], lately: ["y", "a", "x"], becomes: ["a", "y", "x", "c", "b", "z"] },
    { speakers: ["a", "b", "c", "x"] }, // everybody on the screen speaks
    { speakers: ["gone"] },
  ]) {
    const next = reseat(order, hidden, say(...speakers), lately);
    assert.deepEqual([...next].sort(), order, "nobody is lost");
    assert.deepEqual(next, becomes, `${speakers} after ${lately}`);
    if (becomes === order) assert.equal(next, order, "nothing changed, nothing renders");
  }
});

test("who spoke is remembered, the latest first", () => {
  let lately = [];
  for (const speakers of [["a"], ["b", "c"], [], ["a"], ["d"]]) lately = spokeLately(lately, say(...speakers), 3);
  assert.deepEqual(lately, ["d", "a", "b"]);
});

test("seats keep an order once given, who came later stands behind", () => {
  const members = ["a", "b", "c", "d"].map((id) => member(id));
  assert.deepEqual(seatsOf(members, ["c", "gone", "a"]).map((seat) => seat.member), ["c", "a", "b", "d"]);
});

test("where not everybody has room one still sees oneself", () => {
  const { placed } = arrange([...others(60), me], 374, 680);
  assert.equal(placed.at(-1).seat, me);
});
