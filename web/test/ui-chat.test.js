// What the chat makes of what is written: commands, suggestions, days, drafts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";
import { languages } from "./support/words.js";

const { actionIn, asAction, commands, read } = await importModule("ui/chat/commands");
const { calledSo } = await importModule("ui/chat/obey");
const { suggest } = await importModule("ui/chat/suggest");
const { daysBetween, sayDay, untilTomorrow } = await importModule("ui/chat/days");
const { keepDraft, keptDraft } = await importModule("ui/chat/draft");
const { isFewEmoji } = await importModule("ui/chat/few-emoji");
const { isComposing } = await importModule("ui/parts/keys");

const { en, ko } = languages;
const sight = ({ kind, text, command, call, rest }) => (kind === "line" ? text : kind === "command" ? [command.name, rest] : { unknown: call });

test("what begins with a slash is a command, in the words of the language and in English", () => {
  for (const [text, words, seen] of [
    ["/lock", en, ["lock", ""]], ["/Kick  Mina Kim ", en, ["kick", "Mina Kim"]], ["/me waves\nat all", en, ["me", "waves\nat all"]], ["/mute", en, ["mute", ""]],
    ["/내보내기 다인", ko, ["kick", "다인"]], ["/kick 다인", ko, ["kick", "다인"]], ["/음소거".normalize("NFD"), ko, ["mute", ""]],
    ["/내보내기 다인", en, { unknown: "내보내기" }], ["/kik Mina", en, { unknown: "kik" }], ["/usr/bin/env", en, { unknown: "usr/bin/env" }],
    ["a /lock", en, "a /lock"], ["/", en, "/"], ["/ lock", en, "/ lock"], ["hello", en, "hello"], ["/constructor", en, { unknown: "constructor" }],
  ]) assert.deepEqual(sight(read(text, words.writing)), seen, text);
});

test("two slashes are one, and never a command nor an action", () => {
  for (const [text, line] of [["//lock", "/lock"], ["//", "/"], ["///", "//"], ["//me waves", " /me waves"]]) assert.equal(sight(read(text, en.writing)), line);
  assert.equal(actionIn(read("//me waves", en.writing).text), undefined);
  assert.deepEqual(["/me waves", "/me", "/mean it", asAction("waves")].map(actionIn), ["waves", undefined, undefined, "waves"]);
});

test("every command has words in every language, and no two are called alike", () => {
  for (const [tag, { writing }] of Object.entries(languages)) {
    assert.deepEqual(Object.keys(writing.command).sort(), commands.map(({ name }) => name).sort(), tag);
    const calls = commands.flatMap(({ name }) => [...new Set([name, writing.command[name].call])]);
    assert.equal(new Set(calls).size, calls.length, tag);
    for (const { name, takes = "name" } of commands) assert.ok(writing.takes[takes], `${tag} ${name}`);
  }
});

test("a name means who is called just so, else who is called so at first", () => {
  const people = ["Mina", "Mina Kim", "mina", "다인", "Bo Lee"].map((name) => ({ name }));
  for (const [name, found] of [["Mina", ["Mina", "mina"]], ["mina k", ["Mina Kim"]], ["다", ["다인"]], ["bo", ["Bo Lee"]], ["x", []], ["다인".normalize("NFD"), ["다인"]]]) {
    assert.deepEqual(calledSo(people, name).map(({ name }) => name), found, name);
  }
});

test("commands and names are suggested to those who may use them, and by initial consonants too", () => {
  const names = ["김다인", "Ada", "Mina"];
  const suggested = (text, { words = en, moderates = true } = {}) => {
    const { all, meant } = suggest(text, { words: words.writing, may: (what) => moderates || what === "chat", names: moderates ? names : [] });
    return [all.map(({ text }) => text), meant];
  };
  assert.equal(suggested("/")[0].length, commands.length);
  for (const [text, seen, options] of [
    ["/m", [["/me ", "/mute "], true]], ["/MU", [["/mute "], true]], ["/k", [["/kick ", "/lock", "/unlock"], true]],
    ["/lock", [["/lock", "/unlock"], false]], ["/ki", [[], true], { moderates: false }], ["/", [["/me ", "/mute ", "/help"], false], { moderates: false }],
    ["/ㄴㅂㄴㄱ", [["/내보내기 "], true], { words: ko }], ["/음", [["/음소거 "], true], { words: ko }],
    ["/kick ", [["/kick 김다인", "/kick Ada", "/kick Mina"], false]], ["/kick a", [["/kick Ada", "/kick Mina"], true]], ["/mute ㄱㄷ", [["/mute 김다인"], true]],
    ["/kick Ada", [["/kick Ada"], false]], ["/mute a", [[], true], { moderates: false }], ["/slow 1", [[], false]], ["/me w", [[], false]],
    ["", [[], false]], ["a", [[], false]], ["//", [[], false]], ["/usr/", [[], false]], ["hi /", [[], false]],
  ]) {
    const [all, meant] = suggested(text, options);
    assert.deepEqual(all, seen[0], text);
    if (all.length > 0) assert.equal(meant, seen[1], text);
  }
});

test("days are named as people of the language do, also where the clock is turned", () => {
  const at = (...when) => new Date(...when).getTime();
  const now = at(2026, 2, 10, 0, 5);
  for (const [day, english, korean] of [
    [at(2026, 2, 10, 0, 0), "Today", "오늘"], [at(2026, 2, 9, 23, 59), "Yesterday", "어제"],
    [at(2026, 2, 8), "Sunday, March 8", "3월 8일 일요일"], [at(2025, 11, 31), "Wednesday, December 31, 2025", "2025년 12월 31일 수요일"],
  ]) assert.deepEqual([sayDay("en", day, now), sayDay("ko", day, now)], [english, korean]);
  for (let day = 0; day < 366; day++) assert.equal(daysBetween(at(2026, 0, day, 23, 30), at(2026, 0, day + 1, 0, 30)), 1, `day ${day}`);
  assert.equal(untilTomorrow(at(2026, 2, 10, 23, 59, 59)), 1000);
});

/** A storage in memory that may be full. */
function storage(kept = {}, full = false) {
  return {
    getItem: (key) => kept[key] ?? null,
    removeItem: (key) => delete kept[key],
    setItem(key, value) {
      if (full) throw new Error("full");
      kept[key] = value;
    },
  };
}

test("a draft is kept for its room with whom it is for, and one that is damaged is none", () => {
  const tab = storage();
  const draft = { text: "안녕", to: { id: "a", name: "Mina" }, reply: "l1" };
  keepDraft(tab, "yard", "me", draft);
  assert.deepEqual([keptDraft(tab, "yard", "me"), keptDraft(tab, "hall", "me"), keptDraft(undefined, "yard", "me")], [draft, undefined, undefined]);
  assert.equal(keptDraft(tab, "yard", "who came in anew"), undefined);
  keepDraft(tab, "yard", "me", { text: "for all" });
  assert.equal(keptDraft(tab, "yard", "who came in anew").text, "for all");
  keepDraft(tab, "yard", "me", { text: "" });
  assert.equal(keptDraft(tab, "yard", "me"), undefined);
  assert.doesNotThrow(() => keepDraft(storage({}, true), "yard", "me", draft));
  for (const damaged of ["", "x", "null", "[]", '{"text":5}', '{"text":"for one","to":{"id":"a"}}', '{"text":"for one","to":null}']) {
    assert.equal(keptDraft(storage({ "madang draft yard": damaged }), "yard", "me"), undefined, damaged);
  }
});

test("a few emoji alone stand large, with other things they do not", () => {
  for (const text of ["👏", "👏🎉", "❤️", "👩‍👩‍👧 🇰🇷", "👍🏽👍🏽"]) assert.equal(isFewEmoji(text), true, text);
  for (const text of ["", "5", "*", "#1", "12", "hi 👏", "👏👏👏👏👏👏", "👏5", "가", "\u200d", "\ufe0f"]) assert.equal(isFewEmoji(text), false, text);
});

test("what an input method has under way is no key of ours, in Safari's way too", () => {
  for (const [isComposingNow, keyCode, is] of [[true, 13, true], [false, 229, true], [true, 229, true], [false, 13, false]]) {
    assert.equal(isComposing({ isComposing: isComposingNow, keyCode }), is);
  }
});
