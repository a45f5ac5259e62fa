// What keys do in a room, and what those hear who listen instead of looking.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";
import { languages } from "./support/words.js";

const { ariaKeys, commands, keys, nameOf, printedOn } = await importModule("ui/keyboard/catalogue");
const { Keyboard } = await importModule("ui/keyboard/keyboard");
const { Announcements } = await importModule("ui/room/announce");

/** Where a key goes down: within an element like this. */
const within = (...selectors) => ({ closest: (list) => (list.split(/, ?/).some((one) => selectors.includes(one)) ? {} : null) });

/** A press of a key; a letter stands for the key it is on. */
const down = (key, more = {}) => ({
  key, code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key, keyCode: 0, repeat: false, isComposing: false,
  ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, defaultPrevented: false, target: within(), ...more,
});

/** A keyboard on which every command notes that it was given. */
function keyboard({ on = true } = {}) {
  const given = [];
  const board = new Keyboard(() => on);
  for (const command of commands) {
    board.on(command, { press: () => given.push(command), ...(command === "talk" && { release: () => given.push("silent") }) });
  }
  return { board, given: () => given.splice(0) };
}

test("a key is known by its letter, and on a keyboard of another script by its place", () => {
  for (const [key, code, name] of [
    ["m", "KeyM", "M"], ["M", "KeyM", "M"], ["ㅡ", "KeyM", "M"], ["ь", "KeyM", "M"], ["Process", "KeyM", "M"], ["", "KeyM", "M"],
    ["m", "Semicolon", "M"], [",", "KeyM", ","], // the French have it elsewhere
    [" ", "Space", "Space"], ["?", "Slash", "?"], ["?", "Minus", "?"], ["Enter", "NumpadEnter", "Enter"], ["ArrowUp", "ArrowUp", "ArrowUp"],
  ]) assert.equal(nameOf({ key, code }), name, `${key} ${code}`);
});

test("every command has keys of its own, and words in every language", () => {
  const all = commands.flatMap((command) => keys[command].keys);
  assert.equal(new Set(all).size, all.length);
  for (const { keyboard: words } of Object.values(languages)) {
    assert.deepEqual(Object.keys(words.does).sort(), [...commands].sort());
    assert.deepEqual(new Set(Object.keys(words.groups)), new Set(commands.map((command) => keys[command].group)));
  }
  assert.deepEqual([printedOn("mic"), printedOn("close"), ariaKeys("tiles")], ["M", "Esc", "ArrowLeft ArrowRight ArrowUp ArrowDown"]);
});

test("keys do what they say, but not while one writes, composes, or presses what has the focus", () => {
  const { board, given } = keyboard();
  for (const [event, done] of [
    [down("m"), ["mic"]], [down("ㅡ", { code: "KeyM" }), ["mic"]], [down("?", { shiftKey: true }), ["help"]], [down("ArrowLeft"), ["tiles"]],
    [down("x"), []],
    ...["input", "textarea", "select", "[contenteditable]", "dialog"].map((place) => [down("m", { target: within(place) }), []]),
    [down("m", { isComposing: true }), []], [down("m", { keyCode: 229 }), []], [down("m", { defaultPrevented: true }), []],
    ...["ctrlKey", "altKey", "metaKey", "shiftKey"].map((modifier) => [down("m", { [modifier]: true }), []]),
    [down("m", { repeat: true }), []], [down("PageDown", { repeat: true }), ["nextPage"]],
    [down("m", { target: within("button") }), ["mic"]], [down("Enter", { target: within("button") }), []], [down("Enter"), ["pin"]],
    [down(" ", { target: within("button") }), []], [down(" ", { target: within("[role=log]") }), []],
  ]) {
    board.press(event);
    assert.deepEqual(given(), done, `${event.key} ${JSON.stringify(event)}`);
  }
  const { board: silent, given: none } = keyboard({ on: false });
  assert.equal(silent.press(down("m")), false);
  assert.deepEqual(none(), []);
});

test("one speaks while the key is held: until it goes up, the window loses it, or there is no more to it", () => {
  const { board, given } = keyboard();
  const talk = () => {
    board.press(down(" "));
    board.press(down(" ", { repeat: true }));
  };
  talk();
  assert.equal(board.release(down("m")), false);
  assert.deepEqual(given(), ["talk"]);
  assert.equal(board.release(down(" ")), true);
  assert.equal(board.release(down(" ")), false);
  assert.deepEqual(given(), ["silent"]);
  talk();
  board.letGo();
  assert.deepEqual(given(), ["talk", "silent"]);
  assert.equal(board.press(down(" ", { target: within("button") }), true), true, "a button that was clicked");
  assert.deepEqual(given(), ["talk"]);
  const forget = board.on("talk", { press: () => {}, release: () => given().push() });
  forget();
  assert.ok(!board.available().includes("talk"));
});

test("the newest act of a command counts, and what is taken back while it is held is let go", () => {
  const board = new Keyboard(() => true);
  const done = [];
  const forgetOld = board.on("talk", { press: () => done.push("old") });
  const forgetNew = board.on("talk", { press: () => done.push("new"), release: () => done.push("released") });
  forgetOld();
  assert.deepEqual(board.available(), ["talk"]);
  board.press(down(" "));
  forgetNew();
  assert.deepEqual(done, ["new", "released"]);
  assert.deepEqual(board.available(), []);
  assert.equal(board.press(down(" ")), false);
});

const joined = (name) => ({ what: "joined", name });
const left = (name) => ({ what: "left", name });
const raised = (name) => ({ what: "raised", name });
const wrote = (name, text, privately = false) => ({ what: "wrote", name, text, privately });
const said = (text, matters = true) => ({ what: "said", text, matters });

/** What is said of news that come at their times, and when. */
function heard(news, aloud = "all", words = languages.en) {
  const announcements = new Announcements();
  const all = [];
  const until = (time) => {
    while (announcements.due <= time) {
      const at = announcements.due;
      const text = announcements.take(words, at);
      if (text) all.push([at, text]);
    }
  };
  for (const [at, one] of news) {
    until(at);
    announcements.tell(one, aloud, at);
  }
  until(Number.MAX_SAFE_INTEGER);
  return all;
}

test("what happens is gathered for a second, and said in the order of its weight", () => {
  for (const [what, news, expected] of [
    ["nothing", [], []],
    ["one comes", [[0, joined("Mina")]], [[1000, "Mina joined."]]],
    ["two come", [[0, joined("Mina")], [900, joined("Bo")]], [[1000, "Mina and Bo joined."]]],
    ["many come and go", [[0, joined("Mina")], [1, joined("Bo")], [2, joined("Al")], [3, left("Cy")]], [[1000, "3 people joined. Cy left."]]],
    ["two seconds", [[0, joined("Mina")], [1500, left("Bo")]], [[1000, "Mina joined."], [2500, "Bo left."]]],
    ["one comes and goes at once", [[0, joined("Mina")], [500, left("Mina")]], []],
    ["a hand is heard at once, with what was gathered", [[0, joined("Mina")], [300, raised("Bo")]], [[300, "Bo raised a hand. Mina joined."]]],
    ["what is said is left to be heard", [[0, raised("Bo")], [10, said("Reconnecting…")]], [[0, "Bo raised a hand."], [1000, "Reconnecting…"]]],
    ["the same twice", [[0, said("Muted.")], [1, said("Muted.")]], [[0, "Muted."], [1000, "Muted."]]],
    ["a line of chat is read", [[0, wrote("Mina", "hello")]], [[1000, "Mina: hello"]]],
    ["a private one soon", [[0, wrote("Mina", "psst", true)]], [[0, "Mina (Only to you): psst"]]],
    ["several are counted", [[0, wrote("Mina", "hello")], [1, wrote("Bo", "hi")]], [[1000, "2 new messages"]]],
    ["a long one too", [[0, wrote("Mina", "a".repeat(500))]], [[1000, "1 new message"]]],
    ["a screen", [[0, { what: "shares", name: "Mina" }]], [[0, "Mina shares a screen."]]],
    ["what is of no weight waits", [[0, said("Page 2 of 3", false)]], [[1000, "Page 2 of 3"]]],
  ]) assert.deepEqual(heard(news), expected, what);
});

test("who wants to hear little hears what matters, and who wants nothing nothing", () => {
  const all = [[0, joined("Mina")], [0, wrote("Mina", "hello")], [0, said("Page 2 of 3", false)], [5000, raised("Bo")], [9000, said("Reconnecting…")], [12_000, wrote("Al", "psst", true)]];
  assert.deepEqual(heard(all, "important").map(([, text]) => text), ["Bo raised a hand.", "Reconnecting…", "Al (Only to you): psst"]);
  assert.deepEqual(heard(all, "off"), []);
});

test("announcements are Korean in Korean", () => {
  const said = (...news) => heard(news.map((one) => [0, one]), "all", languages.ko)[0][1];
  assert.equal(said(joined("다인"), joined("하나")), "다인과 하나가 들어왔어요.");
  assert.equal(said(left("다인"), left("하나"), left("보라")), "3명이 나갔어요.");
  assert.equal(said(raised("하나")), "하나가 손을 들었어요.");
});
