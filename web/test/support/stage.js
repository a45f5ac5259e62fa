// An empty page that can import the SDK, for tests of the SDK itself: served
// from an origin of its own, as a page that embeds a room would be.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { atEnd } from "./ending.js";
import { startServer } from "./server.js";

/** The stage's origin for pages on other hosts, which no server can serve: see {@link stageOn}. */
export const farStage = "http://stage.test";

const modules = new URL("../output/modules", import.meta.url).pathname;
const blank = "<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>Stage</title><body>";

/** Serves until the test ends; resolves with the page's origin. */
export async function startStage(t) {
  const server = createServer(async (request, response) => {
    if (request.url === "/") return response.setHeader("content-type", "text/html").end(blank);
    const code = await readFile(modules + request.url).catch(() => undefined);
    response.statusCode = code ? 200 : 404;
    response.setHeader("content-type", "text/javascript").end(code);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(t, () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())));
  return `http://localhost:${server.address().port}`;
}

/** Starts a server too, with settings of its own, which pages on the stage may join; resolves with what `join` needs. */
export async function setStage(t, settings = {}) {
  const stage = await startStage(t);
  const { url: server } = await startServer(t, { "server.allowed_origins": stage, ...settings });
  return { stage, server, room: "yard" };
}

/** Lets a page have the stage at `farStage`, wherever it runs. */
export async function stageOn(page) {
  await page.route(`${farStage}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") return route.fulfill({ contentType: "text/html", body: blank });
    const body = await readFile(modules + pathname).catch(() => undefined);
    await route.fulfill(body ? { contentType: "text/javascript", body } : { status: 404 });
  });
}
