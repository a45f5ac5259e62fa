// Who stands where among the people, what may be done with whom, and invitations.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";
import { entries, words } from "./support/words.js";

const { actsOn, inOrder, isFound, rolesFor, rolesToInvite } = await importModule("ui/people/people");
const { isEmoji } = await importModule("ui/parts/emoji");
const { placesOf } = await importModule("ui/conduct");
const { invitationFor, linkWith, takeInvitation } = await importModule("ui/invitation");

const member = (name, more) => ({ id: name, name, role: "member", sources: {}, held: [], me: false, ...more });
const moderator = { role: "moderator", may: new Set(["moderate"]) };
const owner = { role: "owner", may: new Set(["moderate", "admin"]) };

test("hands stand first in their order, then those who keep order, then all by name", () => {
  const people = [
    member("c", { role: "guest" }), member("a"), member("b", { hand: 9 }), member("d", { role: "owner" }), member("e", { hand: 4 }), member("f", { role: "moderator" }),
  ];
  assert.equal(inOrder(people, "en").map(({ name }) => name).join(""), "ebdfac");
  assert.deepEqual([...placesOf(people)], [["e", 1], ["b", 2]]);
});

test("names stand as in lists of the language: 가나다, A to Z, and two before ten", () => {
  for (const [language, names] of [
    ["ko", ["강하늘", "김다인", "김보라", "남궁민", "박서준", "최은우", "하나"]],
    ["ko", ["학생 2", "학생 10", "학생 11"]],
    ["en", ["ada", "Bo", "Émile", "Erik", "Zoë", "가람", "나래"]],
    ["en", ["Guest 2", "Guest 10", "guest 11"]],
  ]) assert.deepEqual(inOrder(names.toReversed().map((name) => member(name)), language).map(({ name }) => name), names);
  const mixed = inOrder(["Mina", "하나", "7", "가람", "Ada"].map((name) => member(name)), "ko").map(({ name }) => name);
  assert.deepEqual(mixed.filter((name) => /[가-힣]/.test(name)), ["가람", "하나"]);
  assert.deepEqual(mixed.filter((name) => /[A-Z]/.test(name)), ["Ada", "Mina"]);
  assert.equal(mixed[0], "7", "digits first in either language");
});

test("people are found as one types", () => {
  for (const [name, looked, found] of [
    ["김다인", "다인", true], ["Ada Lovelace", "love", true], ["José", "jose\u0301", true], ["José", "jose", true], ["Ada", " ada ", true], ["Ada", "", true], ["Ada", "bo", false],
    ["김다인", "ㄱㄷㅇ", true], ["김다인", "ㄷㅇ", true], ["김다인", "ㄱㅇ", false], ["이다인", "ㄱㄷ", false], ["김다인 A", "ㅇ a", true], // by initial consonants
    ["김다인", "기", true], ["김다인", "김ㄷ", true], ["김다인".normalize("NFD"), "다인", true], ["박서준", "ㅂㅅㅈ", true], ["까치", "ㄲ", true],
  ]) assert.equal(isFound(name, looked), found, `${looked} in ${name}`);
});

test("what may be done depends on who one is, and on how the other is", () => {
  const live = { sources: { mic: "live", camera: "live", screen: "live" }, hand: 2 };
  for (const [standing, who, acts] of [
    [moderator, member("a", live), "mute muteAndHold stopCamera stopScreen lowerHand guest remove"],
    [moderator, member("a"), "askToUnmute guest remove"],
    [moderator, member("a", { role: "guest" }), "member remove"],
    [moderator, member("a", { role: "moderator" }), ""],
    [moderator, member("a", { role: "owner" }), ""],
    [moderator, member("a", { me: true }), ""],
    [owner, member("a"), "askToUnmute owner moderator guest remove"],
    [owner, member("a", { role: "moderator" }), "askToUnmute owner member guest remove"],
    [owner, member("a", { role: "owner" }), ""],
    [{ role: "member", may: new Set() }, member("a", { role: "guest" }), ""],
    [{ role: "member", may: new Set(["private"]) }, member("a", { role: "owner" }), "writeTo"],
    [{ role: "member", may: new Set(["private"]) }, member("a", { me: true }), ""],
    [{ ...moderator, may: new Set(["moderate", "private"]) }, member("a"), "writeTo askToUnmute guest remove"],
  ]) assert.equal(actsOn(standing, who).join(" "), acts, `${standing.role} and ${who.role}`);
});

test("nobody gives more than is theirs to give", () => {
  assert.deepEqual(rolesFor("owner", true), ["owner", "moderator", "member", "guest"]);
  assert.deepEqual(rolesFor("moderator", false), ["member", "guest"]);
  assert.deepEqual(rolesToInvite("moderator"), ["guest", "member", "moderator"]);
});

test("a reaction is one emoji or nothing", () => {
  for (const emoji of ["👏", "❤️", "👍🏽", "👩‍👩‍👧‍👦", "🎉"]) assert.ok(isEmoji(emoji), emoji);
  for (const text of ["", "a", "hi 👏", "👏👏", "<b>", "1", "\u202e"]) assert.ok(!isEmoji(text), text);
});

test("an invitation is taken out of the address at once, and kept for its room", () => {
  const kept = new Map();
  const at = (href) => {
    globalThis.location = new URL(href);
    globalThis.history = { state: null, replaceState: (_, __, to) => (globalThis.location = new URL(to, location.origin)) };
    globalThis.sessionStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  };
  at(linkWith("https://meet.example/r/%EB%A7%88%EB%8B%B9", "a.b-c_d"));
  assert.ok(takeInvitation());
  assert.equal(location.href, "https://meet.example/r/%EB%A7%88%EB%8B%B9");
  assert.deepEqual([invitationFor("마당"), invitationFor("other")], ["a.b-c_d", undefined]);
  at("https://meet.example/r/yard?x=1#top");
  assert.ok(!takeInvitation());
  at("https://meet.example/#invite=abc"); // of no room
  assert.ok(!takeInvitation());
  kept.set("madang.invitation", "damaged");
  assert.equal(invitationFor("마당"), undefined);
});

test("what people do to each other is polite in Korean, whoever it is", () => {
  for (const [key, said] of entries(words("ko").conduct)) {
    const text = typeof said === "string" ? said : said("다인", 2);
    for (const [sentence] of text.matchAll(/[^.?]+[.?](?=\s|$)/g)) assert.match(sentence, /(요|세요)[.?]$/, `${key}: ${sentence}`);
  }
});
