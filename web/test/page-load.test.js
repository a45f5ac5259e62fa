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
