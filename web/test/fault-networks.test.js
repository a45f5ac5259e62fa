// Networks that let little through: Chromium finds the way that is left.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { large, modest, publish, setUp, skip, takePart, watch } from "./support/far.js";
import { startServer } from "./support/server.js";
import { picturesOf, visit, visitInFirefox } from "./support/visitor.js";
import { until } from "./support/wait.js";

const settings = { "ice.tcp_port": 3480 };

/** How a page's connection goes: what its own statistics say of the selected pair. */
const wayOf = (page) =>
  page.evaluate(async () => {
    const stats = await window.connections.at(-1).getStats();
    const transport = [...stats.values()].find(({ type }) => type === "transport");
    const pair = stats.get(transport?.selectedCandidatePairId);
    const local = stats.get(pair?.localCandidateId);
    return local && { protocol: local.protocol, type: local.candidateType, relay: local.relayProtocol, remote: stats.get(pair.remoteCandidateId).protocol };
  });

/** Runs in a page before its own scripts: it uses nothing but relays. */
function relayedOnly() {
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration) {
      super({ ...configuration, iceTransportPolicy: "relay" });
    }
  };
}

/** Waits until somebody sees a publisher's pictures move. */
async function untilSeen(watcher, member) {
  await watcher.look(large(member));
  await watcher.untilWide(member, modest.width, 30_000, (width) => width > 0);
  const { decoded } = await watcher.seen(member);
  await until("frames", async () => (await watcher.seen(member)).decoded > decoded + 20);
}

/** Has somebody on either host see the other; resolves with how the connection of each goes. */
async function seeEachOther(t, far, near) {
  const [there, here] = [await takePart(t, far, "red"), await takePart(t, near, "green")];
  await untilSeen(here, there.member);
  await untilSeen(there, here.member);
  return Promise.all([there, here].map(({ page }) => wayOf(page)));
}

test("where UDP is blocked, Chromium sends and receives over TCP", { skip }, async (t) => {
  const [near, far] = await setUp(t, 2, settings);
  far.block();
  const [there, here] = await seeEachOther(t, far, near);
  assert.deepEqual([there.protocol, there.remote, there.relay], ["tcp", "tcp", undefined], JSON.stringify(there));
  assert.equal(here.protocol, "udp");
});

test("a member whose network blocks UDP in the middle of a call goes on over TCP", { skip }, async (t) => {
  const [near, far] = await setUp(t, 2, settings);
  const [{ member }, seer] = [await publish(t, near, "green", undefined, modest), await watch(t, far, "blue")];
  await untilSeen(seer, member);
  assert.equal((await wayOf(seer.page)).protocol, "udp");
  far.block();
  const blocked = Date.now();
  await until("the pair to be of TCP", async () => (await wayOf(seer.page))?.protocol === "tcp", { within: 30_000 });
  t.diagnostic(`over TCP after ${Date.now() - blocked} ms`);
  await untilSeen(seer, member);
});

test("where UDP and direct TCP are blocked, Chromium goes through the relay by TLS", { skip }, async (t) => {
  const [near, far] = await setUp(t, 2, { ...settings, "tls.mode": "self-signed", "turn.tls_port": 5349 });
  near.secured = far.secured = true;
  far.block(settings["ice.tcp_port"]);
  const [there, here] = await seeEachOther(t, far, near);
  assert.deepEqual([there.type, there.relay], ["relay", "tls"], JSON.stringify(there));
  assert.equal(here.protocol, "udp");
});

test("the port of ICE over TCP takes the relay's clients too", { skip }, async (t) => {
  const [near, far] = await setUp(t, 2, { ...settings, "tls.mode": "self-signed" });
  near.secured = far.secured = true;
  far.block();
  const { member } = await publish(t, near, "green", undefined, modest);
  const seer = await watch(t, far, "blue", (page) => page.addInitScript(relayedOnly));
  await untilSeen(seer, member);
  const way = await wayOf(seer.page);
  assert.deepEqual([way.type, way.relay], ["relay", "tls"], JSON.stringify(way));
});

// Firefox goes to no relay on loopback.
const address = Object.values(networkInterfaces()).flat().find(({ family, internal }) => family === "IPv4" && !internal)?.address;

test("Firefox goes through the relay by UDP and by TCP", { skip: !address && "this host has no address but loopback" }, async (t) => {
  const firefox = await firefoxTab(t);
  await firefox.evaluateOnNewDocument(relayedOnly);
  for (const way of ["udp", "tcp"]) {
    const { url } = await startServer(t, { "server.listen": `${address}:0`, [`turn.${way}_port`]: await freePort() });
    const chromium = await chromiumTab(t, { colour: "red", trusted: [url] });
    await Promise.all([visit(chromium, url, "yard", "Chromium"), visitInFirefox(firefox, url, "yard", "Firefox")]);
    await until(`a picture for Firefox by ${way}`, async () => (await picturesOf(firefox)).length === 1);
    await until(`a picture of Firefox by ${way}`, async () => (await picturesOf(chromium)).length === 1);
    const { candidateType, relayProtocol } = await localOf(firefox);
    assert.deepEqual([candidateType, relayProtocol], ["relay", way]);
  }
});

/** A port that is free for UDP and TCP, as far as one can know. */
async function freePort() {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The near end of the pair that Firefox uses. */
const localOf = (page) =>
  page.evaluate(async () => {
    const stats = [...(await window.connections.at(-1).getStats()).values()];
    const pair = stats.find(({ type, selected }) => type === "candidate-pair" && selected);
    return stats.find(({ id }) => id === pair?.localCandidateId);
  });
