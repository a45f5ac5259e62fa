// When something is told, and when it is better not to: what one's microphone
// gives, sound without pictures, and the way that media take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { Hearing } = await importModule("ui/trouble/hearing");
const { SoundOffer } = await importModule("ui/trouble/sound-offer");
const { placeToAllow } = await importModule("ui/parts/allow");
const { isDetour, pathOf } = await importModule("ui/statistics/path");

const ROOM = -62; // dBFS of a still room, of a voice, and of nothing at all
const VOICE = -24;
const NOTHING = -Infinity;

/** What is told at the end of each stretch: [seconds, muted, loudness at a tick]. */
function hear(...stretches) {
  const hearing = new Hearing();
  let at = 1000;
  return stretches.map(([seconds, muted, loudness]) => {
    let told;
    for (let tick = 0; tick < 10 * seconds; tick++) told = hearing.hear(muted, typeof loudness === "function" ? loudness(tick) : loudness, (at += 100));
    return told;
  });
}

test("a microphone that never gave anything is told after ten seconds, one that works never", () => {
  for (const [stretches, told] of [
    [[[9, false, NOTHING], [2, false, NOTHING]], [undefined, "silent"]],
    [[[12, false, NOTHING], [1, false, ROOM], [60, false, NOTHING]], ["silent", undefined, undefined]], // it cuts noise off by itself
    [[[60, false, ROOM]], [undefined]],
    [[[60, true, NOTHING]], [undefined]], // muted on purpose
    [[[60, false, undefined]], [undefined]], // the browser lets nobody listen yet
    [[[8, false, NOTHING], [1, false, undefined], [8, false, NOTHING]], [undefined, undefined, undefined]],
  ]) assert.deepEqual(hear(...stretches), told);
});

test("who talks while muted is told, and not of a cough, keys, or a still room", () => {
  const cough = (tick) => (tick % 50 < 4 ? VOICE : ROOM);
  const keys = (tick) => (tick % 4 === 0 ? VOICE : ROOM);
  const words = (tick) => (tick % 10 < 7 ? VOICE : ROOM); // with the pauses that there are
  for (const [stretches, told] of [
    [[[5, true, words]], ["talking"]],
    [[[1, true, words]], [undefined]],
    [[[30, true, cough]], [undefined]],
    [[[30, true, keys]], [undefined]],
    [[[30, true, ROOM]], [undefined]],
    [[[30, false, words]], [undefined]], // heard by all
    [[[5, true, words], [3, true, ROOM], [3, true, ROOM]], ["talking", "talking", undefined]],
    [[[5, true, words], [0.1, false, VOICE]], ["talking", undefined]],
    [[[1.5, true, words], [1, false, words], [1, true, words]], [undefined, undefined, undefined]], // just muted
  ]) assert.deepEqual(hear(...stretches), told);
});

test("who talks on to somebody else, and waved it away, is left in peace until the microphone was on again", () => {
  const hearing = new Hearing();
  let at = 0;
  const talk = (seconds, muted) => {
    let told;
    for (let tick = 0; tick < 10 * seconds; tick++) told = hearing.hear(muted, VOICE, (at += 100));
    return told;
  };
  assert.equal(talk(5, true), "talking");
  hearing.leaveInPeace(at);
  assert.equal(talk(200, true), undefined);
  assert.equal(talk(120, true), "talking", "for a while");
  hearing.leaveInPeace(at);
  talk(1, false);
  assert.equal(talk(5, true), "talking", "it is another time");
});

test("sound alone is offered where one receives badly for a while, and pictures again where it is good for longer", () => {
  const offers = new SoundOffer();
  let at = 0;
  const look = (seconds, grade, soundOnly = false) => {
    let offer;
    for (let i = 0; i < seconds; i++) offer = offers.look(grade, soundOnly, (at += 1000));
    return offer;
  };
  assert.equal(look(20, 3), undefined);
  assert.equal(look(7, 2), undefined);
  assert.equal(look(1, 4), undefined, "it was over in time");
  assert.equal(look(10, 1), "sound");
  assert.equal(look(1, 3), undefined);
  assert.equal(look(10, 2), "sound");
  offers.decline(at);
  assert.equal(look(200, 1), undefined, "who said no has peace");
  assert.equal(look(120, 1), "sound");
  assert.equal(look(25, 5, true), undefined);
  assert.equal(look(10, 5, true), "pictures");
  offers.decline(at);
  assert.equal(look(60, 5, true), undefined);
  assert.equal(look(9, 2), "sound", "with pictures again it is another question");
  assert.equal(look(60, 0), undefined, "nothing is known");
});

test("each browser has its own place to allow what was forbidden", () => {
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
  for (const [agent, touch, place] of [
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", 0, "chromium"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", 10, "chromium"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", 0, "firefox"],
    ["Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", 5, "android"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1", 5, "ios"],
    [mac, 0, "safari"], [mac, 5, "ios"], ["curl/8", 0, "other"],
  ]) assert.equal(placeToAllow(agent, touch), place, agent);
});

test("a way is a detour where it is not by UDP", () => {
  for (const [local, transport, detour] of [
    [{ protocol: "udp", candidateType: "host" }, "udp host", false],
    [{ protocol: "tcp", candidateType: "host" }, "tcp host", true],
    [{ protocol: "udp", candidateType: "relay", relayProtocol: "udp" }, "udp relay over udp", false],
    [{ protocol: "udp", candidateType: "relay", relayProtocol: "tls" }, "udp relay over tls", true],
  ]) {
    const path = pathOf(new Map([
      ["t", { type: "transport", selectedCandidatePairId: "p" }],
      ["p", { type: "candidate-pair", localCandidateId: "l", currentRoundTripTime: 0.0341, availableOutgoingBitrate: 2e6 }],
      ["l", { type: "local-candidate", ...local }],
    ]));
    assert.deepEqual(path, { transport, roundTrip: 34, estimate: 2e6 });
    assert.equal(isDetour(path), detour, transport);
  }
  assert.equal(isDetour(pathOf(new Map())), false, "not known is no trouble");
});
