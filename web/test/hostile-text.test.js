// What people do with letters to look like others, to turn text round, or to push it out
// of its place: in a real browser, as another person sees it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { startServer } from "./support/server.js";

/** A tab that is in the room and has its chat open. */
async function inside(t, server, colour, name) {
  const page = await chromiumTab(t, { colour, locale: "en-US", viewport: { width: 390, height: 700 } });
  await page.goto(`${server}/r/yard`);
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await page.getByRole("button", { name: "Chat", exact: true }).click();
  return page;
}

async function say(page, text) {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** From left to right, what stands in the head of the newest line; and whether anything is wider than the page. */
const sight = (page) => page.evaluate(() => {
  const heads = [...document.querySelectorAll("article header")].at(-1).children;
  const order = [...heads].toSorted((a, b) => a.getBoundingClientRect().x - b.getBoundingClientRect().x);
  return { head: order.map(({ localName }) => localName), wide: document.documentElement.scrollWidth > innerWidth };
});

const turned = "\u202e";

test("nobody looks like another, or turns or moves what others write, by letters", { timeout: 120_000 }, async (t) => {
  const { url: server } = await startServer(t);
  const mina = await inside(t, server, "green", "Mina");
  const eve = await inside(t, server, "red", `${turned}\u041cina\u2066\u0007`); // with a Cyrillic М

  for (const text of [
    `${turned}not here, here`, `\u2067\u2067\u2067 never closed`, "x".repeat(4096), "ﷺ".repeat(300), "Z" + "\u0351".repeat(2000), "\n".repeat(50) + "far below",
    "Mina: I am Mina, really", "\ud83d\udc69\u200d".repeat(200), "אבג https://example.org/ דהו",
  ]) {
    await say(eve, text);
    await mina.locator("article .line-text", { hasText: text.trim().slice(0, 8) }).last().waitFor();
    const { head, wide } = await sight(mina);
    assert.deepEqual({ head, wide }, { head: ["b", "time"], wide: false }, JSON.stringify(text.slice(0, 20)));
  }

  await say(eve, `${turned}https://evil.example/${turned}moc.knab`);
  const link = mina.locator("article .line-text a").last();
  await mina.getByText("moc.knab").waitFor();
  assert.deepEqual([await link.textContent(), await link.getAttribute("href")], ["https://evil.example/", "https://evil.example/"]);
  assert.equal(await link.evaluate((a) => getComputedStyle(a).unicodeBidi), "isolate");

  await say(eve, "a\u0000b\u001b[31mc\u0085d");
  await eve.locator("article.failed").waitFor();
  assert.equal(await mina.getByText("[31m").count(), 0);

  await mina.getByRole("button", { name: "People", exact: true }).click();
  const rows = mina.locator("li.person");
  await rows.nth(1).waitFor(); // the code of the panel comes when it is opened
  assert.equal(await rows.count(), 2);
  const seen = await rows.evaluateAll((all) => all.map((row) => [
    row.querySelector("bdi").textContent, row.querySelector(".quiet") !== null, row.querySelector(".role")?.textContent ?? null,
  ]));
  const [me, other] = seen[0][1] ? seen : seen.toReversed();
  assert.deepEqual(other, ["\u041cina", false, null]);
  assert.equal(me[0], "Mina");
  assert.ok(me[1] && me[2] !== null, "one's own name has marks that no letters make");
});
