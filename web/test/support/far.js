// Members on hosts of their own, between which a test spoils the network: 720p
// painted, published, and watched.

import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab } from "./browsers.js";
import { makeHosts, noHosts } from "./hosts.js";
import { paintCamera, publishScalable } from "./painted.js";
import { join } from "./person.js";
import { startServer } from "./server.js";
import { farStage, stageOn } from "./stage.js";
import { until } from "./wait.js";
import { encodedBy, installWatch } from "./watching.js";

export const skip = noHosts();
export const rate = 15; // frames a second
export const camera = { rate, width: 1280, height: 720 };
/** For what is not about pictures: it costs a twentieth to encode. */
export const modest = { rate: 10, width: 320, height: 180 };
export const room = "yard";

/** A server on its host, and clients on theirs. */
export async function setUp(t, clients, settings = {}) {
  const hosts = makeHosts(t, clients);
  await startServer(t, { "server.listen": "0.0.0.0:8080", "server.allowed_origins": farStage, ...settings }, hosts.server);
  return hosts.clients;
}

/** Where the server is for a host; `secured` ones use TLS, whoever has signed the certificate. */
export const serverFrom = (host) => `${host.secured ? "https" : "http"}://${host.server}:8080`;

/** A tab on a host that may join. */
export async function tabOn(t, host, colour) {
  const page = await chromiumTab(t, { colour, host, trusted: [farStage], flags: host.secured ? ["--ignore-certificate-errors"] : [] });
  await stageOn(page);
  return page;
}

/** A member whose camera is painted; `scalable` makes it one stream with layers within. */
export async function publish(t, host, colour, scalable = undefined, painted = camera) {
  const page = await tabOn(t, host, colour);
  await page.addInitScript(paintCamera, painted);
  if (scalable) await page.addInitScript(publishScalable, scalable);
  const member = await join(page, { stage: farStage, server: serverFrom(host), room, name: colour });
  await page.evaluate(() => window.room.view([])); // it has other things to do than to look at people
  return { page, member };
}

/** A member that only watches, from a tab that may be prepared. */
export async function watch(t, host, colour, prepare = undefined) {
  const page = await tabOn(t, host, colour);
  await prepare?.(page);
  await join(page, { stage: farStage, server: serverFrom(host), room, name: colour, publish: [] });
  return watching(page);
}

/** A member that does both, modestly. */
export async function takePart(t, host, colour) {
  const { page, member } = await publish(t, host, colour, undefined, modest);
  return { member, ...await watching(page) };
}

/** What a tab that has joined sees of others. */
async function watching(page) {
  await page.evaluate(installWatch);
  const seen = (member) => page.evaluate((member) => window.watched(member), member);
  return {
    page, seen,
    look: (...tiles) => page.evaluate((tiles) => window.look(...tiles), tiles),
    forget: () => page.evaluate(() => window.forgetFrames()),
    /** Waits until the member's picture is so wide, or what `enough` says of it. */
    untilWide: (member, width, within, enough = (now) => now === width) =>
      until(`a picture ${width} wide`, async () => {
        const now = await seen(member);
        return (now !== undefined && !now.why && enough(now.width)) || now;
      }, { within, every: 50 }),
  };
}

/** Waits until the publisher's own estimate has room for all of its layers, and its encoder has kept up for a second. */
export async function untilFull({ page }) {
  await until("the top layer in full", async () => {
    const { f } = await encodedBy(page);
    return (f.targetBitrate > 1_300_000 && f.qualityLimitationReason === "none") || f;
  });
  await sleep(1000);
}

/** Waits until a publisher's layer is not encoded any more. */
export async function untilOff({ page }, rid) {
  let before = -1;
  await until(`layer ${rid} to stop`, async () => {
    const now = (await encodedBy(page))[rid].framesEncoded;
    const stopped = now === before;
    before = now;
    return stopped || now;
  }, { every: 500 });
}

export const large = (member) => [member, 1280, 720];
export const small = (member) => [member, 320, 180];

/** What happened between two looks at a picture and its sound. */
export function between(before, after) {
  const rise = (field) => (after[field] ?? 0) - (before[field] ?? 0);
  const seconds = (after.at - before.at) / 1000;
  return {
    seconds,
    freezes: rise("freezes"),
    frozen: rise("frozen") / seconds,
    audioLoss: rise("audioLost") / Math.max(1, rise("audioLost") + rise("audioPackets")),
    videoLoss: rise("videoLost") / Math.max(1, rise("videoLost") + rise("videoPackets")),
    concealed: (rise("concealed") - rise("silent")) / Math.max(1, rise("samples")),
    kbps: Math.round((8 * rise("bytes")) / seconds / 1000),
    fps: rise("decoded") / seconds,
  };
}

export const told = (what) => JSON.stringify(what, (_, value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(4)) : value));

/** What happens in the coming milliseconds. */
export async function rateOver(watcher, member, ms) {
  const before = await watcher.seen(member);
  await sleep(ms);
  return between(before, await watcher.seen(member));
}
