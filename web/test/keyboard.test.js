// A whole visit without a mouse, on the real server: the focus is always somewhere
// one can see it, and what happens elsewhere is said.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { listenTo } from "./support/listener.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";
import { until } from "./support/wait.js";

/** What has the focus, and why that could not be seen; nothing where it can. */
const sight = () => {
  const focused = document.activeElement;
  const { top, left, bottom, right, width, height } = focused.getBoundingClientRect();
  // A box may show the focus of what one writes in.
  const around = [focused, focused.parentElement, focused.parentElement?.parentElement];
  const looks = () => around.map((one) => one && [getComputedStyle(one).outline, getComputedStyle(one).boxShadow].join()).join();
  const withFocus = looks();
  focused.blur();
  const without = looks();
  focused.focus({ preventScroll: true });
  return {
    name: focused.ariaLabel ?? focused.textContent,
    faults: [
      focused === document.body && "nothing has the focus",
      (width < 1 || height < 1 || top < -1 || left < -1 || bottom > innerHeight + 1 || right > innerWidth + 1) && "it is out of sight",
      withFocus === without && "it looks as without the focus",
    ].filter(Boolean),
  };
};

test("a visit by keyboard alone: join, mute, chat, pin, moderate, leave; one sees the focus and hears the rest", async (t) => {
  const { url: server } = await startServer(t, { "rooms.lobby": "on" });
  const page = await chromiumTab(t, { colour: "blue", locale: "en-US", viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const press = (key) => page.keyboard.press(key);
  /** Waits until this has the focus, and can be seen to. */
  const on = async (name) => {
    await until(`the focus on ${name}`, async () => {
      const { name: found, faults } = await page.evaluate(sight);
      return (found === name && faults.length === 0) || [found, ...faults];
    }, { every: 50 });
  };
  const tabTo = async (name) => {
    const focused = () => page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent);
    for (let i = 0; i < 40 && (await focused()) !== name; i++) {
      await press("Tab");
      assert.deepEqual((await page.evaluate(sight)).faults, [], `on the way to ${name}`);
    }
    await on(name);
  };
  const is = (selector) => page.locator(selector).first().waitFor();
  const microphone = (on) => is(`[aria-label="Microphone"][aria-pressed="${on}"]`);

  await page.goto(`${server}/r/yard`);
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "name");
  await page.keyboard.type("Dain");
  await press("Enter");
  await on("1 person");
  const heard = await listenTo(page);
  const hears = (text) => until(`${text} to be said`, async () => (await heard()).some((said) => text.test(said)) || heard(), { every: 50 });

  await microphone(true);
  await press("m");
  await hears(/Your microphone is muted\./);
  await page.keyboard.down("Space");
  await microphone(true);
  await page.keyboard.up("Space");
  await microphone(false);

  const crowd = startClass(t, { server, room: "yard" });
  crowd.come("Ada", "Bo");
  await crowd.until("waits", 2);
  await hears(/and 1 other wait to be let in\./);
  await tabTo("Let all in");
  await press("Enter");
  await hears(/(Ada and Bo|Bo and Ada) joined\./);
  await on("3 people");

  await press("c");
  await on("Message");
  await page.keyboard.type("moving pictures, please"); // m, v, p and more that are keys elsewhere
  await press("Enter");
  await page.getByRole("log").getByText("moving pictures, please").waitFor();
  await microphone(false);
  await press("Escape");
  await on("Chat");
  crowd.say("Ada", "here they are");
  await hears(/Ada: here they are/);

  const pictures = () => page.evaluate(() => document.activeElement.matches(".seat"));
  for (let i = 0; i < 40 && !(await pictures()); i++) await press("Shift+Tab");
  for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowLeft"]) {
    if ((await page.evaluate(sight)).name !== "Bo") await press(key);
    assert.deepEqual((await page.evaluate(sight)).faults, [], `after ${key}`);
  }
  await on("Bo");
  await press("Enter");
  await is('[aria-label="Pin Bo"][aria-pressed="true"]');
  await hears(/This picture stays large\./);
  await on("Bo");
  crowd.hand("Bo");
  await hears(/Bo raised a hand\./);

  await press("p");
  await on("3 people");
  await tabTo("What to do with Ada");
  await press("Enter");
  await tabTo("Mute microphone");
  await press("Enter");
  await page.locator(".person", { hasText: "Ada" }).getByRole("img", { name: "Microphone muted" }).waitFor();
  await on("What to do with Ada");
  await press("Escape");
  await on("People");

  await press("?");
  await on("Close");
  await press("Escape");
  await on("People");
  await press("End"); // of the bar
  await on("Leave");
  await press("Enter");
  await on("You left the room");
});
