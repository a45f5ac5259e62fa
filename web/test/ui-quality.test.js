// How connections are told of: marks, sentences and statistics.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";
import { languages } from "./support/words.js";

const { barsOf, sayWeak } = await importModule("ui/stage/quality");
const { History, KEPT, lineOf } = await importModule("ui/statistics/history");
const { Statistics } = await importModule("ui/statistics/statistics");

test("only a weak connection has a mark, of as many bars as are left", () => {
  for (const [quality, bars] of [
    [undefined, undefined],
    [{ up: 5, down: 5 }, undefined], [{ up: 4, down: 5 }, undefined], [{ up: 3, down: 5 }, 3], [{ up: 5, down: 2 }, 2], [{ up: 1, down: 3 }, 1],
    [{ up: 0, down: 0 }, undefined], [{ up: 0, down: 2 }, 2], [{ up: 5, down: 0 }, undefined],
  ]) assert.equal(barsOf(quality), bars, JSON.stringify(quality));
});

test("each cause has a sentence for oneself and one for others", () => {
  const said = new Set();
  for (const words of Object.values(languages)) {
    for (const why of ["uplink", "downlink", "server", "none"]) {
      const quality = { up: 2, down: 2, why };
      assert.match(sayWeak(words, quality, "Mina"), /Mina/);
      said.add(sayWeak(words, quality, "Mina")).add(sayWeak(words, quality, undefined));
    }
  }
  assert.equal(said.size, 16);
});

/** A report of a browser, as long after the first as `seconds`. */
function report(seconds) {
  const at = 1000 * (100 + seconds);
  const video = { kind: "video", timestamp: at, codecId: "v" };
  return new Map([
    { ...video, id: "in", type: "inbound-rtp", mid: "4", bytesReceived: 100_000 * seconds, packetsReceived: 95 * seconds, packetsLost: 5 * seconds,
      jitter: 0.0123, frameWidth: 640, frameHeight: 360, framesPerSecond: 25, totalFreezesDuration: 0.25 * seconds },
    { ...video, id: "idle", type: "inbound-rtp", mid: "6", bytesReceived: 5000, packetsReceived: 9, packetsLost: 0 },
    { id: "voice", type: "inbound-rtp", kind: "audio", mid: "5", timestamp: at, codecId: "a", bytesReceived: 4000 * seconds, packetsReceived: 50 * seconds,
      packetsLost: 0, totalSamplesReceived: 48_000 * seconds, concealedSamples: 480 * seconds },
    { ...video, id: "out", type: "outbound-rtp", mid: "1", rid: "h", scalabilityMode: "L1T3", bytesSent: 50_000 * seconds, packetsSent: 50 * seconds,
      remoteId: "far", qualityLimitationReason: "cpu" },
    { id: "far", type: "remote-inbound-rtp", timestamp: at, fractionLost: 0.02, jitter: 0.004, roundTripTime: 0.05 },
    { id: "v", type: "codec", mimeType: "video/VP8" }, { id: "a", type: "codec", mimeType: "audio/opus" },
    { id: "t", type: "transport", selectedCandidatePairId: "p" },
    { id: "p", type: "candidate-pair", timestamp: at, localCandidateId: "l", currentRoundTripTime: 0.021, availableOutgoingBitrate: 900_000 },
    { id: "l", type: "local-candidate", protocol: "udp", candidateType: "prflx" },
  ].map((stat) => [stat.id, stat]));
}

const carried = new Map([["4", { member: "a", source: "camera", ts: 7 }], ["5", { member: "a", source: "mic" }], ["1", { member: "me", source: "camera" }]]);

test("statistics name whose stream it is and what became of it since the last look", () => {
  const statistics = new Statistics();
  const first = statistics.take(report(1), carried);
  assert.equal(first.streams.length, 4, "rates are not known yet, so none is idle");
  assert.ok(first.streams.every(({ bitrate, loss }) => bitrate === undefined && (loss === undefined || loss === 0.02)));

  const { path, streams } = statistics.take(report(3), carried);
  assert.deepEqual(path, { transport: "udp prflx", roundTrip: 21, estimate: 900_000 });
  assert.deepEqual(streams, [
    { member: "a", source: "camera", key: "in", mid: "4", kind: "video", codec: "VP8", width: 640, height: 360, framesPerSecond: 25,
      bitrate: 800_000, direction: "in", loss: 0.05, jitter: 12, frozen: 0.25 },
    { member: "a", source: "mic", key: "voice", mid: "5", kind: "audio", codec: "opus", bitrate: 32_000, direction: "in", loss: 0, concealed: 0.01 },
    { member: "me", source: "camera", key: "out", mid: "1", kind: "video", codec: "VP8", bitrate: 400_000, direction: "out", layer: "h L1T3",
      loss: 0.02, jitter: 4, roundTrip: 50, limit: "cpu" },
  ]);
  assert.deepEqual(JSON.parse(JSON.stringify(streams)), streams, "what is copied is what is seen");
});

test("a browser that counts little gives the facts that it has", () => {
  const { path, streams } = new Statistics().take(new Map([["x", { id: "x", type: "inbound-rtp", kind: "video", timestamp: 1, mid: "9" }]]), carried);
  assert.deepEqual(path, {});
  assert.deepEqual(streams, [{ key: "x", mid: "9", kind: "video", direction: "in" }]);
});

test("the last minute of a figure is kept, with its gaps, and drawn", () => {
  const history = new History();
  const take = (figures) => history.take(new Map(Object.entries(figures)));
  take({ rate: 10 });
  take({});
  take({ rate: 20, loss: 0 });
  assert.deepEqual([history.of("rate"), history.of("loss"), history.of("other")], [[10, undefined, 20], [0], []]);
  for (let i = 0; i < KEPT; i++) take({ rate: i });
  assert.equal(history.of("rate").length, KEPT);
  assert.deepEqual([history.of("rate")[0], history.of("loss")], [0, []], "what ended long ago is forgotten");

  assert.equal(lineOf([5, 10, undefined, 0, 20], 10), `M${KEPT - 5} 0.75L${KEPT - 4} 0.5M${KEPT - 2} 1L${KEPT - 1} 0`, "the highest is at the top");
  assert.equal(lineOf([5], 10), `M${KEPT - 1} 0.5`);
  assert.equal(lineOf([], 10), "");
});
