// Whoever seals media, this server or Pion, browsers must not notice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { startServer } from "./support/server.js";
import { picturesOf, receivedBy, visit, visitInFirefox } from "./support/visitor.js";
import { until } from "./support/wait.js";

/** Waits until a page decodes a picture that moves, and hears sound. */
async function seesAndHears(page, who) {
  const most = async (kind, field) =>
    Math.max(0, ...(await receivedBy(page)).filter((stream) => stream.kind === kind).map((stream) => stream[field]));
  await until(`a picture for ${who}`, async () => (await picturesOf(page)).length === 1);
  const [frames, loudness] = [await most("video", "framesDecoded"), await most("audio", "totalAudioEnergy")];
  const [{ pixels }] = await picturesOf(page);
  await until(`frames for ${who}`, async () => (await most("video", "framesDecoded")) >= frames + 20);
  await until(`sound for ${who}`, async () => (await most("audio", "totalAudioEnergy")) > loudness);
  await until(`movement for ${who}`, async () => (await picturesOf(page))[0]?.pixels !== pixels);
}

test("Chromium and Firefox see and hear each other on each writer", async (t) => {
  const [chromium, firefox] = await Promise.all([chromiumTab(t, { colour: "red" }), firefoxTab(t)]);
  for (const writer of ["auto", "portable"]) {
    const { url, log } = await startServer(t, { "media.writer": writer });
    await Promise.all([visit(chromium, url, "yard", "Chromium"), visitInFirefox(firefox, url, "yard", "Firefox")]);
    await Promise.all([seesAndHears(chromium, `Chromium, ${writer}`), seesAndHears(firefox, `Firefox, ${writer}`)]);
    assert.ok(!log.some((line) => line.includes("portable way")), `on ${writer}, a browser's media is not sealed as it was to be`);
  }
});
