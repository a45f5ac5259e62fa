// What the page makes of text: links, initials, names of rooms, and what it remembers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { linkify } = await importModule("ui/chat/linkify");
const { hueOf, initialsOf } = await importModule("ui/people/person");
const { pathOf, randomRoomName, roomNameFrom, routeOf } = await importModule("ui/route");
const { recall, remember, withRoom } = await importModule("ui/storage");
const { isSend } = await importModule("ui/parts/keys");

test("links are found, what only looks like one is not", () => {
  const links = (text) => linkify(text).filter(({ href }) => href).map(({ text: shown }) => shown);
  for (const [text, found] of [
    ["see https://example.org/a.", ["https://example.org/a"]],
    ["(https://example.org/a_(b))", ["https://example.org/a_(b)"]],
    ["http://a.example, https://b.example!", ["http://a.example", "https://b.example"]],
    ["HTTPS://EXAMPLE.org", ["HTTPS://EXAMPLE.org"]],
    ["보세요: https://ko.wikipedia.org/wiki/마당", ["https://ko.wikipedia.org/wiki/마당"]],
    ["\"https://example.org\"", ["https://example.org"]],
    ["javascript:alert(1) data:text/html,x ftp://x file:///etc/passwd", []],
    ["https:// http:///", []],
    ["https://bank.example@evil.example/", []],
    ["<img src=x onerror=alert(1)>", []],
    ["https://evil.example/\u202emoc.knab//:sptth", ["https://evil.example/"]],
    ["", []],
  ]) assert.deepEqual(links(text), found, text);
});

test("linking loses nothing of a text", () => {
  for (const text of ["a https://b.example/c. d", "https://x.example", "no link", "((https://x.example/)))", "a\nhttps://b.example\nc"]) {
    assert.equal(linkify(text).map((piece) => piece.text).join(""), text);
  }
});

test("only http and https lead anywhere", () => {
  const hrefs = linkify("https://example.org/?q=<b> http://example.org/%00 https://example.org:99999/").map(({ href }) => href);
  for (const href of hrefs) if (href) assert.match(href, /^https?:\/\/[^<>"]+$/);
});

test("initials are how one would call the person", () => {
  for (const [name, initials] of [
    ["김다인", "다인"], ["남궁민수", "민수"], ["하나", "하나"], ["Ada Lovelace", "AL"], ["ada", "A"], ["Grace Brewster Hopper", "GH"],
    ["  Bo  ", "B"], ["éric", "É"], ["김다인".normalize("NFD"), "다인"], ["🙂", "🙂"], ["!!!", ""], ["", ""],
  ]) assert.equal(initialsOf(name), initials, name);
});

test("a name has one hue, and names spread over the circle", () => {
  assert.equal(hueOf("김다인"), hueOf("김다인".normalize("NFD")));
  const hues = Array.from({ length: 360 }, (_, i) => hueOf(`member ${i}`));
  assert.ok(hues.every((hue) => Number.isInteger(hue) && hue >= 0 && hue < 360));
  assert.ok(new Set(hues.map((hue) => Math.floor(hue / 30))).size === 12);
});

test("addresses lead to rooms and back", () => {
  for (const room of ["hello", "마당-회의", "a b", "50%", "a.b_c"]) assert.deepEqual(routeOf(pathOf(room)), { page: "room", room });
  assert.deepEqual(routeOf("/test"), { page: "check" });
  for (const path of ["/", "/r/", "/r", "/r/a/b", "/r/%E0%A4", "/x/y"]) assert.deepEqual(routeOf(path), { page: "home" }, path);
});

test("what somebody types becomes the name of a room, or is refused", () => {
  for (const [typed, name] of [
    ["Team lunch", "team-lunch"], ["  마당  회의 ", "마당-회의"], ["a/b", undefined], ["..", undefined], ["", undefined], ["<b>", undefined],
    ["x".repeat(64), "x".repeat(64)], ["x".repeat(65), undefined], ["방".repeat(21), "방".repeat(21)], ["방".repeat(22), undefined], ["a?b#c", undefined],
  ]) assert.equal(roomNameFrom(typed), name, typed);
});

test("random rooms are long, readable, and never twice the same", () => {
  const names = new Set(Array.from({ length: 500 }, () => randomRoomName()));
  assert.equal(names.size, 500);
  for (const name of names) assert.match(name, /^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}$/);
});

/** A storage in memory that may be damaged or full. */
function storage(saved, refuse = false) {
  return {
    getItem: () => saved ?? null,
    setItem: (_, value) => {
      if (refuse) throw new Error("full");
      saved = value;
    },
  };
}

test("what is remembered comes back, what is damaged has its default", () => {
  const device = storage();
  assert.deepEqual(recall(device), { name: "", mic: true, camera: true, devices: {}, layout: "grid", selfHidden: false, rooms: [], shortcuts: true, aloud: "all" });
  remember(device, { name: "Dain", camera: false, devices: { camera: "c2" } });
  remember(device, { language: "ko" });
  assert.deepEqual(recall(device), { name: "Dain", mic: true, camera: false, language: "ko", devices: { camera: "c2" }, layout: "grid", selfHidden: false, rooms: [], shortcuts: true, aloud: "all" });
  for (const damaged of ["", "nonsense", "null", "[]", '{"name":5,"rooms":[1,"a"],"language":"xx"}']) {
    assert.equal(recall(storage(damaged)).name, "", damaged);
  }
  assert.deepEqual(recall(storage('{"rooms":[1,"a"]}')).rooms, ["a"]);
  assert.deepEqual(["speaker", "grid", "none", 7].map((layout) => recall(storage(JSON.stringify({ layout }))).layout), ["speaker", "grid", "grid", "grid"]);
  assert.deepEqual(recall(storage('{"devices":{"camera":7,"speaker":"s","other":"x"}}')).devices, { speaker: "s" });
  assert.doesNotThrow(() => remember(storage(undefined, true), { name: "x" }));
  assert.doesNotThrow(() => remember(undefined, { name: "x" }));
});

test("the newest room stands first, once, and five are enough", () => {
  assert.deepEqual(withRoom(["a", "b", "c"], "b"), ["b", "a", "c"]);
  assert.equal(withRoom(["a", "b", "c", "d", "e"], "f").length, 5);
});

test("Enter sends, but not while a syllable is composed", () => {
  const key = (more) => ({ key: "Enter", shiftKey: false, isComposing: false, keyCode: 13, ...more });
  for (const [event, sends] of [
    [key(), true], [key({ shiftKey: true }), false], [key({ isComposing: true }), false], [key({ keyCode: 229 }), false], [key({ key: "a" }), false],
  ]) assert.equal(isSend(event), sends, JSON.stringify(event));
});
