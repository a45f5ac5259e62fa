// The people panel without a mouse: whoever keeps order by keys is never lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";
import { until } from "./support/wait.js";

test("people are let in, muted and removed by keyboard alone, and the focus is never lost", async (t) => {
  const { url: server } = await startServer(t, { "rooms.lobby": "on" });
  const page = await chromiumTab(t, { colour: "blue", locale: "en-US", viewport: { width: 1280, height: 800 } });
  const focused = () => page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent ?? "");
  /** Presses Tab until this is focused. */
  const tabTo = async (name) => {
    for (let i = 0; i < 40 && (await focused()) !== name; i++) await page.keyboard.press("Tab");
    assert.equal(await focused(), name);
  };
  const untilFocused = (name) => until(`the focus on ${name}`, async () => (await focused()) === name || focused(), { every: 20 });
  await page.goto(`${server}/r/yard`);
  await page.getByRole("textbox", { name: "Name" }).fill("Teacher");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Leave", exact: true }).waitFor();
  const crowd = startClass(t, { server, room: "yard" });
  crowd.come("Ada", "Bo");
  await crowd.until("waits", 2);

  await tabTo("People");
  await page.keyboard.press("Enter");
  for (const many of [1, 2]) {
    await page.locator(".waiter").first().waitFor();
    await tabTo(`Let ${await page.locator(".waiter bdi").first().textContent()} in`);
    await page.keyboard.press("Enter");
    await crowd.until("in", many);
    await until("one fewer", async () => (await page.locator(".waiter").count()) === 2 - many);
    await until("the focus in the panel", () => page.evaluate(() => document.querySelector(".panel").contains(document.activeElement)));
  }
  await tabTo("What to do with Ada");
  await page.keyboard.press("Enter");
  await tabTo("Mute and keep muted");
  await page.keyboard.press("Enter");
  await untilFocused("What to do with Ada");
  await page.locator(".person", { hasText: "Ada" }).getByRole("img", { name: "Microphone muted" }).waitFor();
  await page.keyboard.press("Enter");
  await tabTo("Remove");
  await page.keyboard.press("Enter");
  await untilFocused("Remove Ada?");
  await tabTo("Cancel");
  await page.keyboard.press("Enter");
  await untilFocused("What to do with Ada");
  await tabTo("Clear the chat");
  await page.keyboard.press("Enter");
  await untilFocused("Clear the chat for everyone?");
  await tabTo("Cancel");
  await page.keyboard.press("Enter");
  await untilFocused("Clear the chat");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.ariaLabel === "People");
  await tabTo("Reactions");
  await page.keyboard.press("Enter");
  await untilFocused("Applause");
  await page.keyboard.press("Enter");
  await page.getByRole("img", { name: "You: 👏" }).waitFor();
  await untilFocused("Reactions");
  await page.keyboard.press("h");
  await page.getByRole("img", { name: "Your hand is up, number 1" }).waitFor();

  await page.keyboard.press("p");
  await tabTo("What to do with Bo");
  await page.keyboard.press("Enter");
  await tabTo("Make owner");
  await page.keyboard.press("Enter");
  await untilFocused("Make Bo an owner?");
  await tabTo("Cancel");
  await page.keyboard.press("Enter");
  await untilFocused("What to do with Bo");
  await page.keyboard.press("Enter");
  await tabTo("Message privately");
  await page.keyboard.press("Enter");
  await page.getByText("Only to Bo").waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
});
