// The languages of the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";
import { entries, languages } from "./support/words.js";

const { pickLanguage, timeOfDay } = await importModule("i18n/index");
const { withParticle } = await importModule("i18n/particle");

test("every language has the same keys", () => {
  const keys = entries(languages.en).map(([key]) => key).sort();
  assert.ok(keys.length > 100);
  for (const [tag, words] of Object.entries(languages)) assert.deepEqual(entries(words).map(([key]) => key).sort(), keys, tag);
});

test("every key says something, of the same kind in every language", () => {
  for (const [tag, words] of Object.entries(languages)) {
    const english = new Map(entries(languages.en));
    for (const [key, said] of entries(words)) {
      assert.equal(typeof said, typeof english.get(key), `${tag} ${key}`);
      if (typeof said === "string") assert.notEqual(said.trim(), "", `${tag} ${key}`);
    }
  }
});

test("nothing shouts, and Korean speaks Korean in 해요체", () => {
  for (const words of Object.values(languages)) {
    for (const [key, said] of entries(words)) if (typeof said === "string") assert.ok(!said.includes("!"), key);
  }
  for (const [key, said] of entries(languages.ko)) {
    if (typeof said !== "string") continue;
    if (!/^(UDP|TCP|IPv[46])$/.test(said)) assert.match(said, /[가-힣]/, key); // these are called so everywhere
    for (const [sentence] of said.matchAll(/[^.?]+[.?](?=\s|$)/g)) assert.match(sentence, /(요|세요)[.?]$/, `${key}: ${sentence}`);
  }
});

test("the buttons that other programs press keep their English names", () => {
  const { name, join, microphone, camera, shareScreen, chat, send, leave, message } = languages.en;
  assert.deepEqual(
    [name, join, microphone, camera, shareScreen, chat, send, leave, message],
    ["Name", "Join", "Microphone", "Camera", "Share screen", "Chat", "Send", "Leave", "Message"],
  );
});

test("the language is the first wanted one that we speak", () => {
  for (const [wanted, spoken] of [
    [["ko-KR", "en"], "ko"], [["KO"], "ko"], [["fr-FR", "ko"], "ko"], [["en-GB", "ko"], "en"], [["fr"], "en"], [[], "en"], [["constructor"], "en"],
  ]) assert.equal(pickLanguage(wanted), spoken, wanted.join());
});

test("Korean particles follow the sound of the word", () => {
  for (const [word, particle, said] of [
    ["다인", "이/가", "다인이"], ["하나", "이/가", "하나가"], ["하늘", "이/가", "하늘이"],
    ["다인", "은/는", "다인은"], ["민수", "은/는", "민수는"], ["책", "을/를", "책을"], ["나무", "을/를", "나무를"],
    ["서준", "과/와", "서준과"], ["유나", "과/와", "유나와"],
    ["서울", "으로/로", "서울로"], ["부산", "으로/로", "부산으로"], ["제주", "으로/로", "제주로"],
    ["방 1", "이/가", "방 1이"], ["방 2", "이/가", "방 2가"], ["8", "으로/로", "8로"], ["10", "으로/로", "10으로"],
    ["Anna", "이/가", "Anna가"], ["Tom", "이/가", "Tom이"], ["Daniel", "으로/로", "Daniel로"], ["Jane", "은/는", "Jane은"], ["Peter", "이/가", "Peter가"],
    ["LG", "이/가", "LG가"], ["KBS N", "이/가", "KBS N이"], ["KTX", "을/를", "KTX를"],
    ["Kurt", "이/가", "Kurt이(가)"], ["Kurt", "으로/로", "Kurt(으)로"], ["さくら", "이/가", "さくら이(가)"],
    ["다인 🙂", "이/가", "다인 🙂이"], ["“하나”", "을/를", "“하나”를"], ["다인".normalize("NFD"), "이/가", `${"다인".normalize("NFD")}이`],
    ["", "이/가", "이(가)"],
  ]) assert.equal(withParticle(word, particle), said);
});

test("a weak connection is told in words, to oneself and of others", () => {
  const { en, ko } = languages;
  for (const words of [en, ko]) {
    for (const group of [words.weak, words.weakMine]) assert.deepEqual(Object.keys(group), ["uplink", "downlink", "server", "none"]);
  }
  assert.equal(en.weak.uplink("Mina"), "Mina's upload is weak");
  assert.deepEqual(["보라", "다인"].map(ko.weak.downlink), ["보라 님의 연결이 느려요", "다인 님의 연결이 느려요"]);
  assert.deepEqual(Object.values(ko.weak).map((say) => say("Kurt").match(/Kurt 님(이|의)? /) !== null), [true, true, true, true]);
  assert.equal(en.pausedForBandwidth, "Video paused: your connection is slow");
  assert.equal(ko.pausedForBandwidth, "연결이 느려서 영상을 잠시 멈췄어요");
});

test("numbers decide the plural, names their particles", () => {
  const { en, ko } = languages;
  assert.deepEqual([en.people(1), en.people(2), en.unread(1), en.pageOf(1, 12)], ["1 person", "2 people", "1 new message", "Page 1 of 12"]);
  assert.deepEqual([ko.people(1), ko.unread(3)], ["1명", "새 메시지 3개"]);
  assert.deepEqual([ko.joined("다인"), ko.left("하나")], ["다인이 들어왔어요.", "하나가 나갔어요."]);
  assert.deepEqual([ko.typing(["하나"]), ko.typing(["다인", "하나"])], ["하나가 쓰고 있어요…", "다인과 하나가 쓰고 있어요…"]);
  assert.deepEqual([en.typing(["Bo"]), en.typing(["Bo", "Al"]), en.typing(["a", "b", "c"])], ["Bo is writing…", "Bo and Al are writing…", "Several people are writing…"]);
});

test("the time of day is said as people of the language do", () => {
  const at = new Date(2026, 0, 2, 15, 4).getTime();
  assert.match(timeOfDay("en", at), /^3:04\sPM$/);
  // Some builds of node know no Korean words for it, but the order.
  assert.match(timeOfDay("ko", at), /^(오후|PM) 3:04$/);
});
