// What the lobby says of the network, by what the browser counts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importModule } from "./support/module.js";

const { judge } = await importModule("ui/lobby/network");

/** A report whose chosen pair leaves by a candidate like this. */
const report = (local, seconds = 0.03) => new Map([
  ["t", { type: "transport", selectedCandidatePairId: "p" }],
  ["p", { type: "candidate-pair", localCandidateId: "l", currentRoundTripTime: seconds }],
  ["l", { type: "local-candidate", candidateType: "host", ...local }],
]);
const nothing = new Map([["t", { type: "transport" }]]);

test("the network is told as soon as it is known, and nothing where nobody was asked", () => {
  for (const [name, stats, after, said] of [
    ["UDP", report({ protocol: "udp" }), 500, "good"],
    ["a relay by UDP", report({ protocol: "udp", candidateType: "relay", relayProtocol: "udp" }), 500, "good"],
    ["TCP", report({ protocol: "tcp" }), 500, "detour"],
    ["a relay by TLS", report({ protocol: "udp", candidateType: "relay", relayProtocol: "tls" }), 500, "detour"],
    ["far away", report({ protocol: "udp" }, 0.6), 500, "slow"],
    ["not yet timed", report({ protocol: "udp" }, undefined), 500, "good"],
    ["no way yet", nothing, 3000, "checking"],
    ["no way", nothing, 9000, "blocked"],
    ["no answer yet", undefined, 3000, "checking"],
    ["a server that is busy", undefined, 9000, undefined],
  ]) assert.equal(judge(stats, after), said, name);
});
