// How tiles lie on the stage, and whose they are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { neighbour } = await importModule("ui/stage/neighbour");
const { capacity, heightLeft, pack } = await importModule("ui/stage/pack");
const { arrange } = await importModule("ui/stage/arrange");
const { lead, reseat, seatsOf, spokeLately } = await importModule("ui/stage/seats");
const { paginate, swipeOf } = await importModule("ui/stage/pages");
const { mainsOf } = await importModule("ui/stage/mains");
const { turnAfter } = await importModule("ui/stage/speaker");

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

test("an upright picture loses of its height in a wide tile, a wide one never does", () => {
  for (const [aspect, width, height, left] of [[16 / 9, 320, 180, 1], [16 / 9, 120, 160, 1], [9 / 16, 320, 180, 81 / 256], [9 / 16, 180, 320, 1], [4 / 3, 320, 180, 3 / 4]]) {
    assert.ok(Math.abs(heightLeft(aspect, { width, height }) - left) < 1e-9, `${aspect} in ${width}×${height}`);
  }
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
      assert.ok(corner.box.width * corner.box.height <= least / 8, `${count} in ${width}×${height}`);
    }
  }
});

const screenOf = (member) => ({ member, source: "screen", me: false });
const keysOf = (seats) => seats.map(({ member, source }) => `${member}/${source}`);

test("what stands large takes the stage, and nothing covers it", () => {
  for (const [width, height] of windows.slice(0, 4)) {
    for (let large = 1; large <= 2; large++) {
      for (let count = 1; count <= 40; count++) {
        const screens = ["s0", "s1"].slice(0, large).map(screenOf);
        const { placed, pages, pagerBox } = arrange([...screens, ...others(count), me], width, height, { mains: keysOf(screens) });
        const where = `${large} screens and ${count} in ${width}×${height}`;
        const mains = placed.filter(({ place }) => place === "main");
        assert.deepEqual(mains.map(({ seat }) => seat), screens, where);
        assert.ok(mains.every(({ box }) => placed.every((other) => other.box === box || !overlap(other.box, box))), where);
        assert.ok(mains.every(({ box }) => !pagerBox || !overlap(pagerBox, box)), where);
        assert.equal(pages.flat().length, count + 1, where);
        assert.equal(pages.length > 1, pagerBox !== undefined, where);
      }
    }
  }
});

test("two screens share the stage, neither larger", () => {
  for (const { stage, together } of [
    { stage: [1264, 711], together: "stand side by side" },
    { stage: [1000, 1000], together: "stand one above the other" },
    { stage: [2400, 700], together: "stand side by side" },
    { stage: [374, 680], together: "stand one above the other" },
  ]) {
    const screens = ["s0", "s1"].map(screenOf);
    const { placed: [a, b] } = arrange([...screens, ...others(3), me], ...stage, { mains: keysOf(screens) });
    assert.deepEqual([a.box.width, a.box.height], [b.box.width, b.box.height]);
    assert.equal(a.box.x === b.box.x ? "stand one above the other" : "stand side by side", together, `${stage}`);
  }
});

test("alone what stands large has the whole stage", () => {
  const { placed: [only] } = arrange([screenOf("s0")], 1264, 711, { mains: ["s0/screen"] });
  assert.deepEqual(only.box, { x: 0, y: 0, width: 1264, height: 711 });
});

test("a crowd stands on pages: 25 at most, fewer on a phone, everybody on one", () => {
  for (const { stage, count, most } of [
    { stage: [1264, 711], count: 60, most: 25 }, { stage: [1264, 711], count: 26, most: 25 }, { stage: [374, 680], count: 60, most: 12 },
    { stage: [776, 374], count: 30, most: 12 },
  ]) {
    const seats = [...others(count), me];
    const first = arrange(seats, ...stage);
    assert.ok(first.pages[0].length <= most && first.pages.length >= (count + 1) / most, `${count} in ${stage}`);
    assert.deepEqual(keysOf(first.pages.flat()).sort(), keysOf(seats).sort(), "nobody is lost");
    assert.ok(first.pagerBox.y + first.pagerBox.height <= stage[1]);
    for (let page = 0; page < first.pages.length; page++) {
      const { placed, pagerBox, page: shown } = arrange(seats, ...stage, { page });
      assert.equal(shown, page);
      assert.deepEqual(placed.map(({ seat }) => seat), first.pages[page]);
      assert.ok(placed.every(({ box }) => box.width >= 84 && !overlap(box, pagerBox)));
    }
    assert.equal(arrange(seats, ...stage, { page: 99 }).page, first.pages.length - 1, "a page that is gone is the last");
  }
  assert.equal(arrange([...others(24), me], 1264, 711).pagerBox, undefined, "who has room on one page needs no second");
});

test("one sees oneself on the first page, and only there", () => {
  for (const [perPage, pages] of [
    [3, ["m0 m1 me", "m2 m3"]], [5, ["m0 m1 m2 m3 me"]], [9, ["m0 m1 m2 m3 me"]], [2, ["m0 me", "m1 m2", "m3"]], [1, ["m0", "m1", "m2", "m3", "me"]],
  ]) assert.deepEqual(paginate([...others(4), me], perPage).map((page) => page.map((seat) => seat.member).join(" ")), pages, `${perPage} a page`);
  assert.deepEqual(paginate(others(3), 2).map((page) => page.length), [2, 1]);
});

test("a finger turns pages along the stage, not across it", () => {
  for (const [dx, dy, turns] of [[-80, 10, 1], [80, -30, -1], [-80, 70, 0], [30, 0, 0], [0, 0, 0]]) assert.equal(swipeOf(dx, dy), turns, `${dx}, ${dy}`);
});

test("who stands large: what one pinned, the spotlight, screens, who speaks", () => {
  const faces = others(3);
  for (const { seats = [...faces, me], choices, mains } of [
    { choices: {}, mains: [] },
    { choices: { pinned: "m1/camera", spotlight: "m2/camera", layout: "speaker" }, mains: ["m1/camera"] },
    { choices: { spotlight: "m2/camera", layout: "speaker" }, mains: ["m2/camera"] },
    { choices: { pinned: "gone/camera", spotlight: "m2/camera" }, mains: ["m2/camera"] },
    { choices: { pinned: "gone/camera", spotlight: "gone/screen" }, mains: [] },
    { choices: { spotlight: "me/camera" }, mains: [] }, // one does not look at oneself
    { choices: { layout: "speaker" }, mains: ["m0/camera"] },
    { seats: [faces[0], me], choices: { layout: "speaker" }, mains: [] },
    { seats: [screenOf("m2"), ...faces, me], choices: { layout: "speaker" }, mains: ["m2/screen"] },
    { seats: [screenOf("m2"), ...faces, me], choices: { pinned: "m0/camera" }, mains: ["m0/camera"] },
    { seats: ["m2", "m1", "m0"].map(screenOf).concat(faces, me), choices: {}, mains: ["m2/screen", "m1/screen"] },
  ]) assert.deepEqual(mainsOf(seats, { layout: "grid", ...choices }), mains, JSON.stringify(choices));
});

test("the large seat changes hands when somebody takes the word, not at a cough", () => {
  const story = (...events) => {
    let turn;
    return events.map(([at, ...ids]) => {
      const before = turn;
      turn = turnAfter(turn, ids.map((id) => ({ member: id, level: 0.5 })), at);
      if (JSON.stringify(turn) === JSON.stringify(before)) assert.equal(turn, before, "nothing changed, nothing renders");
      return turn?.member;
    });
  };
  assert.deepEqual(story([0], [10, "a"]), [undefined, "a"], "the first at once");
  assert.deepEqual(story([0, "a"], [200, "b"], [1800, "b"], [2000, "b"]), ["a", "a", "a", "b"], "nobody for less than two seconds");
  assert.deepEqual(story([0, "a"], [5000, "b"], [5200, "a"], [9000, "b"], [9200, "b"]), ["a", "a", "a", "a", "a"], "a cough");
  assert.deepEqual(story([0, "a"], [5000, "b", "a"], [5400, "b", "a"], [5700, "b", "a"]), ["a", "a", "a", "b"], "who talks over another");
  assert.deepEqual(story([0, "a"], [5000, "b"], [5600, "c"], [5800, "c"], [6300, "c"]), ["a", "a", "a", "a", "c"], "each rival from its own beginning");
  assert.deepEqual(story([0, "a"], [5000, "b"], [5500], [6000, "b"], [60_000]), ["a", "a", "a", "a", "a"], "silence changes nothing");
});

test("on a stage without room nobody counts as unseen", () => {
  assert.deepEqual(arrange([...others(3), me], 0, 0), { placed: [], pages: [[...others(3), me]], page: 0 });
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

test("an unseen speaker takes the seat of who was silent longest, nobody else moves", () => {
  const order = ["a", "b", "c", "x", "y", "z"];
  const first = new Set(["a", "b", "c"]);
  for (const { speakers, lately = [], seen = first, yielding = first, becomes = order } of [
    { speakers: [] },
    { speakers: ["a", "b"] },
    { speakers: ["x"], becomes: ["a", "b", "x", "c", "y", "z"] },
    { speakers: ["x"], lately: ["x", "c", "b"], becomes: ["x", "b", "c", "a", "y", "z"] },
    { speakers: ["x"], lately: ["x", "c", "a", "b"], becomes: ["a", "x", "c", "b", "y", "z"] },
    { speakers: ["y", "a", "x"], lately: ["y", "a", "x"], becomes: ["a", "y", "x", "c", "b", "z"] },
    { speakers: ["a", "b", "c", "x"] }, // everybody on the screen speaks
    { speakers: ["gone"] },
    { speakers: ["x"], seen: new Set([...first, "x"]) }, // on the page that one looks at
    { speakers: ["x"], yielding: new Set(["a"]), becomes: ["x", "b", "c", "a", "y", "z"] }, // the others stand large
  ]) {
    const next = reseat(order, { seen, yielding }, say(...speakers), lately);
    assert.deepEqual([...next].sort(), order, "nobody is lost");
    assert.deepEqual(next, becomes, `${speakers} after ${lately}`);
    if (becomes === order) assert.equal(next, order, "nothing changed, nothing renders");
  }
});

test("who stands large changes places with who stood there", () => {
  const order = ["a", "b", "c"];
  assert.deepEqual(lead(order, "c"), ["c", "b", "a"]);
  assert.equal(lead(order, "a"), order);
  assert.equal(lead(order, "gone"), order);
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

test("arrows lead to the nearest picture that way, and nowhere beyond the last", () => {
  const box = (x, y, width = 100, height = 60) => ({ x, y, width, height });
  const grid = [box(0, 0), box(110, 0), box(220, 0), box(55, 70), box(165, 70)]; // the last row is centred
  for (const [from, arrow, to] of [
    [0, "ArrowRight", 1], [1, "ArrowRight", 2], [2, "ArrowRight", undefined], [2, "ArrowLeft", 1], [0, "ArrowLeft", undefined],
    [0, "ArrowDown", 3], [2, "ArrowDown", 4], [3, "ArrowUp", 0], [4, "ArrowRight", 2], [3, "ArrowRight", 4], [0, "ArrowUp", undefined], [0, "x", undefined],
  ]) assert.equal(neighbour(grid, grid[from], arrow), to, `${from} ${arrow}`);
  const [large, ...strip] = [box(0, 0, 800, 600), box(810, 0), box(810, 70), box(810, 540)];
  assert.equal(neighbour([large, ...strip], large, "ArrowRight"), 2, "the one beside its middle");
  assert.equal(neighbour([large, ...strip], strip[2], "ArrowLeft"), 0);
});
