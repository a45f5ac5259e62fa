// The example of the SDK, with the package as it is published.

import { cpSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { cameraOf } from "./support/colour.js";
import { atEnd } from "./support/ending.js";
import { installPackage } from "./support/package.js";
import { installProbe } from "./support/person.js";
import { startServer } from "./support/server.js";
import { until } from "./support/wait.js";

const types = { ".html": "text/html", ".js": "text/javascript" };

/** Serves the example with the package beside it; resolves with the origin. */
async function serveExample(t) {
  const { page, folder } = installPackage(t);
  cpSync(join(folder, "example"), page, { recursive: true });
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://example").pathname.replace(/\/$/, "/index.html");
    const content = await readFile(page + path).catch(() => undefined);
    response.statusCode = content ? 200 : 404;
    response.setHeader("content-type", types[extname(path)] ?? "text/plain").end(content);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(t, () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())));
  return `http://localhost:${server.address().port}`;
}

/** Opens the example as somebody, who joins. */
async function arrive(t, page, example, server, name) {
  await page.goto(`${example}/?server=${server}`);
  await page.evaluate(installProbe);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Join" }).click();
  await until(`${name} is in`, async () => {
    const state = await page.getByRole("status").textContent();
    return state === "in" || state;
  });
}

/** Names and cameras of the pictures on the page. */
const pictures = async (page) => {
  const seen = await page.evaluate(() => [...document.querySelectorAll("figure")].map((figure) => ({
    name: figure.lastElementChild.textContent, colour: window.probe.colour(figure.firstElementChild),
  })));
  return seen.map(({ name, colour }) => `${name} ${cameraOf(colour)}`).sort().join(", ");
};

test("the example of the SDK shows two people to each other while they are in sight, and lets them chat", async (t) => {
  const example = await serveExample(t);
  const { url: server } = await startServer(t, { "server.allowed_origins": example });
  const red = await chromiumTab(t, { colour: "red" });
  const blue = await chromiumTab(t, { colour: "blue" });
  await arrive(t, red, example, server, "Mina");
  await arrive(t, blue, example, server, "보라");
  for (const page of [red, blue]) {
    await until("both pictures", async () => {
      const seen = await pictures(page);
      return seen === "Mina red, 보라 blue" || seen;
    });
  }

  const theirs = red.locator("figure").last();
  const empty = () => theirs.evaluate(({ firstElementChild: { srcObject } }) => srcObject === null);
  await theirs.evaluate((figure) => figure.style.setProperty("margin-block-start", "3000px"));
  await until("a picture out of sight is not sent", empty);
  await theirs.scrollIntoViewIfNeeded();
  await until("it is there again", async () => !(await empty()));
  await until("both pictures again", async () => (await pictures(red)) === "Mina red, 보라 blue" || pictures(red));

  await blue.getByLabel("Message").fill("안녕하세요");
  await blue.getByRole("button", { name: "Send" }).click();
  await red.getByText("보라: 안녕하세요").waitFor();
  await blue.close();
  await until("only oneself is left", async () => (await pictures(red)) === "Mina red" || pictures(red));
});
