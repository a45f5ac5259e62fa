// The page for everyone: by keyboard, by screen reader, in every language,
// under the policy that the server sends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { faults } from "./support/axe.js";
import { startServer } from "./support/server.js";
import { words } from "./support/words.js";

/** Keeps what the browser says against the page: blocked by policy, thrown, failed to load. */
function complaintsOf(page) {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}

test("the whole way in Korean, on a phone in the dark, breaks no policy of the server's, and axe finds nothing wrong", async (t) => {
  const { url: server } = await startServer(t);
  const page = await chromiumTab(t, { colour: "blue", colorScheme: "dark", locale: "ko-KR", viewport: { width: 390, height: 844 }, reducedMotion: "reduce" });
  const complaints = complaintsOf(page);
  const said = words("ko");
  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  const found = [];
  const check = async (where) => found.push(...(await faults(page)).map((fault) => `${where}: ${fault}`));

  await page.goto(server);
  await check("home");
  await page.goto(`${server}/r/yard`);
  await page.getByRole("textbox", { name: said.name }).fill("다인");
  await check("lobby");
  await press(said.join);
  await page.getByRole("button", { name: said.leave, exact: true }).waitFor();
  await check("room");
  await press(said.chat);
  await page.getByRole("textbox", { name: said.message }).fill("안녕하세요 https://example.org");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "https://example.org" }).waitFor();
  await check("chat");
  await press(said.settings);
  await press(said.statistics);
  await page.locator(".facts").first().waitFor();
  await check("statistics");
  await press(said.leave);
  await check("gone");

  assert.deepEqual(found, []);
  assert.deepEqual(complaints, []);
});

test("what people write is text, never markup", async (t) => {
  const { url: server } = await startServer(t);
  const page = await chromiumTab(t, { colour: "green", locale: "en-US" });
  const hostile = "<img src=x onerror=\"document.title='taken'\"> javascript:alert(1) <a href=https://evil.example>x</a>";
  await page.goto(`${server}/r/yard`);
  await page.getByRole("textbox", { name: "Name" }).fill("<b onclick=alert(1)>bold</b>");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await page.getByRole("button", { name: "Chat", exact: true }).click();
  await page.getByRole("textbox", { name: "Message" }).fill(hostile);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const line = page.locator("article .line-text");
  await line.waitFor();
  assert.equal(await line.textContent(), hostile);
  assert.equal(await line.locator("img, b").count(), 0);
  assert.deepEqual(await line.locator("a").evaluateAll((links) => links.map(({ href, rel }) => [href, rel])), [
    ["https://evil.example/", "noopener noreferrer nofollow"],
  ]);
  assert.equal(await page.title(), "yard · Madang");
});

test("touch targets are at least 44 pixels on a phone", async (t) => {
  const { url: server } = await startServer(t);
  const page = await chromiumTab(t, { colour: "yellow", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "en-US" });
  const small = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("button, select, input, textarea, summary")]
        .map((element) => [element.ariaLabel ?? element.textContent ?? element.getAttribute("name"), element.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && (box.width < 44 || box.height < 44))
        .map(([name, box]) => `${name}: ${box.width}×${box.height}`),
    );
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  const found = [];

  await page.goto(`${server}/r/yard`);
  await page.getByRole("textbox", { name: "Name" }).fill("Dain");
  await page.locator("summary").click();
  found.push(...(await small()));
  assert.equal(await wide(), false);
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await page.getByRole("button", { name: "Chat", exact: true }).click();
  await page.getByRole("textbox", { name: "Message" }).fill("hello");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.locator("article .line-text").waitFor();
  found.push(...(await small()));
  assert.equal(await wide(), false);
  assert.deepEqual(found, []);
});
