// Who stands where among the people, what may be done with whom, and invitations.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";
import { entries, words } from "./support/words.js";

const { actsOn, inOrder, isEmoji, isFound, rolesFor, rolesToInvite } = await importModule("ui/people/people");
const { placesOf } = await importModule("ui/conduct");
const { isHand } = await importModule("ui/parts/keys");
const { invitationFor, linkWith, takeInvitation } = await importModule("ui/invitation");

const member = (name, more) => ({ id: name, name, role: "member", sources: {}, held: [], me: false, ...more });
const moderator = { role: "moderator", may: new Set(["moderate"]) };
const owner = { role: "owner", may: new Set(["moderate", "admin"]) };

test("hands stand first in their order, then those who keep order, then all by arrival", () => {
  const people = [
    member("a"), member("b", { hand: 9 }), member("c", { role: "guest" }), member("d", { role: "owner" }), member("e", { hand: 4 }), member("f", { role: "moderator" }),
  ];
  assert.equal(inOrder(people).map(({ name }) => name).join(""), "ebdfac");
  assert.deepEqual([...placesOf(people)], [["e", 1], ["b", 2]]);
});

test("people are found as one types", () => {
  for (const [name, looked, found] of [
    ["김다인", "다인", true], ["Ada Lovelace", "love", true], ["José", "jose\u0301", true], ["Ada", " ada ", true], ["Ada", "", true], ["Ada", "bo", false],
  ]) assert.equal(isFound(name, looked), found, looked);
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

test("H raises a hand in every layout, but not while one writes", () => {
  const key = (more) => ({ code: "KeyH", repeat: false, ctrlKey: false, metaKey: false, altKey: false, target: { closest: () => null }, ...more });
  assert.ok(isHand(key()));
  for (const more of [{ code: "KeyG" }, { repeat: true }, { ctrlKey: true }, { metaKey: true }, { altKey: true }, { target: { closest: () => ({}) } }]) {
    assert.ok(!isHand(key(more)), JSON.stringify(more));
  }
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
