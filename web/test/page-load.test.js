// What the page loads before somebody can join.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { startServer } from "./support/server.js";

const most = 6;

test("the page is there after six requests at most", async (t) => {
  const { url: server } = await startServer(t);
  const page = await chromiumTab(t, { colour: "red" });
  const requests = [];
  page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.goto(`${server}/r/yard`);
  await page.getByRole("button", { name: "Join" }).waitFor();
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0); // the preview is live
  await page.waitForLoadState("networkidle");
  assert.ok(requests.length <= most, requests.join("\n"));
  const scripts = requests.filter((request) => request.endsWith(".js"));
  assert.deepEqual(scripts.map((script) => script.match(/\/(\w+)-\w+\.js$/)[1]).sort(), ["en", "main", "room"], "the page, its words, and already the room");
  t.diagnostic(requests.join(", "));
});

// It has no service worker: without the server there is no call, and what has a name
// with a hash is kept by the browser anyway. A worker could only serve yesterday's page.
test("the page can be installed", async (t) => {
  const { url: server } = await startServer(t);
  const page = await chromiumTab(t, { colour: "red" });
  await page.goto(server);
  const devtools = await page.context().newCDPSession(page);
  const { url, errors, data } = await devtools.send("Page.getAppManifest");
  assert.deepEqual([url, errors], [`${server}/madang.webmanifest`, []]);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
  const icons = JSON.parse(data).icons.map(({ src }) => src);
  const found = await page.evaluate((icons) => Promise.all(icons.map(async (src) => (await fetch(src)).headers.get("content-type"))), icons);
  assert.deepEqual(found, ["image/svg+xml", "image/svg+xml", "image/png"]);
});
