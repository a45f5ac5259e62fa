// How sound travels between real browsers: twice in RED where both ends take it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { makeHosts, noHosts } from "./support/hosts.js";
import { join } from "./support/person.js";
import { startServer } from "./support/server.js";
import { farStage, stageOn, startStage } from "./support/stage.js";
import { until } from "./support/wait.js";

/** The one voice that a page hears; undefined as long as there is none. */
async function voiceAt(page) {
  const streams = await page.evaluate(() => window.probe.received());
  return streams.find(({ kind, totalAudioEnergy }) => kind === "audio" && totalAudioEnergy > 0);
}

/** Bytes of a packet of the voice, on the average of two seconds. */
async function sizeAt(page) {
  await until("a voice", async () => (await voiceAt(page)) !== undefined);
  await sleep(1000); // the first packet on a line carries nothing again
  const before = await voiceAt(page);
  await sleep(2000);
  const after = await voiceAt(page);
  assert.ok(after.totalAudioEnergy > before.totalAudioEnergy, "it is heard");
  return (after.bytesReceived - before.bytesReceived) / (after.packetsReceived - before.packetsReceived);
}

test("sound travels twice between those who take RED, and as plain Opus to the others", async (t) => {
  const stage = await startStage(t);
  const { url: server } = await startServer(t, { "server.allowed_origins": stage });
  const [speaker, chromium, firefox] = await Promise.all([chromiumTab(t, { colour: "red" }), chromiumTab(t, { colour: "green" }), firefoxTab(t)]);
  await join(speaker, { stage, server, room: "yard", name: "speaker", publish: ["mic"] });
  await Promise.all([chromium, firefox].map((page, i) => join(page, { stage, server, room: "yard", name: `listener ${i}`, publish: [] })));
  const [twice, once] = await Promise.all([sizeAt(chromium), sizeAt(firefox)]);
  t.diagnostic(`${twice.toFixed()} bytes a packet to Chromium, ${once.toFixed()} to Firefox`);
  assert.ok(twice > 1.6 * once, "the words of the packet before are in it as well");
  const offer = await chromium.evaluate(() => window.connections.at(-1).localDescription.sdp);
  const orders = new Set(offer.match(/^m=audio .*$/gm).map((line) => line.trim().replace(/^m=audio \d+ /, "")));
  assert.equal(orders.size, 1, "every line of sound has the same codecs in the same order");
});

/** Runs in a page before its own scripts: makes the browser one that knows no RED, as Firefox is. */
function forgetRED() {
  const capabilities = RTCRtpReceiver.getCapabilities;
  RTCRtpReceiver.getCapabilities = (media) => {
    const all = capabilities.call(RTCRtpReceiver, media);
    return { ...all, codecs: all.codecs.filter(({ mimeType }) => mimeType !== "audio/red") };
  };
}

test("sound that is lost on the way up is heard by all", { skip: noHosts() }, async (t) => {
  const { server: host, clients: [clean, bad] } = makeHosts(t, 2);
  await startServer(t, { "server.listen": "0.0.0.0:8080", "server.allowed_origins": farStage }, host);
  const enter = async (client, colour, name, publish, script) => {
    const page = await chromiumTab(t, { colour, host: client, trusted: [farStage] });
    await stageOn(page);
    if (script) await page.addInitScript(script);
    await join(page, { stage: farStage, server: `http://${client.server}:8080`, room: "yard", name, publish });
    return page;
  };
  await enter(bad, "red", "speaker", ["mic"]);
  const listeners = { "with RED": await enter(clean, "green", "with", []), "without RED": await enter(clean, "blue", "without", [], forgetRED) };
  const pages = Object.values(listeners);
  for (const page of pages) await until("a voice", async () => (await voiceAt(page)) !== undefined);
  // What this machine makes a browser miss is no doing of the loss.
  const calm = await heardFor(pages, 10_000);
  bad.loseUp(0.05);
  await sleep(2000);
  const lossy = await heardFor(pages, 20_000);
  Object.keys(listeners).forEach((who, i) => {
    const { packets, lost, concealed } = lossy[i];
    t.diagnostic(`${who}: ${packets} packets, ${lost} lost, ${(100 * concealed).toFixed(2)} % concealed, ${(100 * calm[i].concealed).toFixed(2)} % before`);
    assert.ok(concealed - calm[i].concealed <= 0.01, `${who}: ${concealed} of the sound was made up, and ${calm[i].concealed} before`);
  });
});

/** How the one voice comes to each page for some milliseconds. */
async function heardFor(pages, length) {
  const before = await Promise.all(pages.map(voiceAt));
  await sleep(length);
  const after = await Promise.all(pages.map(voiceAt));
  return after.map((now, i) => {
    const rise = (field) => now[field] - before[i][field];
    const concealed = (rise("concealedSamples") - rise("silentConcealedSamples")) / rise("totalSamplesReceived");
    return { packets: rise("packetsReceived"), lost: rise("packetsLost"), concealed };
  });
}
