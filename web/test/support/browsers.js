// Real browsers, each tab with its own file as camera and microphone.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { atEnd } from "./ending.js";
import { camera, microphone } from "./media.js";

const chromiumFlags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required", "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
];

const firefoxPrefs = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "media.autoplay.default": 0,
  "media.devices.insecure.enabled": true,
  "media.getusermedia.insecure.enabled": true,
  "media.peerconnection.ice.loopback": true,
  "media.peerconnection.ice.obfuscate_host_addresses": false,
};

/** Runs in every page before its own scripts: keeps the peer connections for the tests to count. */
function keepConnections() {
  const Native = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      window.connections.push(this);
    }
  };
}

const chromiumPath = "/usr/bin/chromium";

/** A page whose address nobody serves counts as one of the whole world, which may not reach into a private network. */
const reachesPrivateNetworks = "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets";

/**
 * A Chromium of its own with one tab. `colour` chooses its camera and
 * microphone, `size` the camera's size, `host` where it runs, `trusted` the
 * origins that may use devices without https, `flags` its own. It closes at the end of the test.
 */
export async function chromiumTab(t, { colour, size, host, trusted = [], flags = [], viewport = { width: 640, height: 400 }, ...context }) {
  const browser = await chromium.launch({
    executablePath: host?.program(chromiumPath) ?? chromiumPath,
    args: [
      ...chromiumFlags,
      ...flags,
      ...(host ? [reachesPrivateNetworks] : []),
      ...(trusted.length ? [`--unsafely-treat-insecure-origin-as-secure=${trusted}`] : []),
      `--use-file-for-fake-video-capture=${camera(colour, size)}`,
      `--use-file-for-fake-audio-capture=${microphone(colour)}`,
    ],
  });
  atEnd(t, () => browser.close());
  const page = await (await browser.newContext({ viewport, ...context })).newPage();
  page.on("pageerror", (error) => t.diagnostic(`${colour}: ${error.stack}`));
  await page.addInitScript(keepConnections);
  return page;
}

/** A Firefox with one tab; its camera and microphone are made up by Firefox. */
export async function firefoxTab(t) {
  const home = mkdtempSync(join(tmpdir(), "madang-firefox-"));
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: firefoxPrefs,
    env: { ...process.env, HOME: home },
  });
  atEnd(t, async () => {
    await browser.close();
    rmSync(home, { recursive: true, force: true });
  });
  const page = await browser.newPage();
  page.on("pageerror", (error) => t.diagnostic(`firefox: ${error.stack}`));
  await page.evaluateOnNewDocument(keepConnections);
  return page;
}
