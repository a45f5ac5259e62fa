// Firefox, the whole way: from the lobby through all that one does in a room, out and in
// again, with a Chromium there that sees it. Firefox's driver knows no roles: what people
// press is found by its name in the document.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { cameraOf } from "./support/colour.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";
import { picturesOf, receivedBy, visit, visitInFirefox } from "./support/visitor.js";
import { until } from "./support/wait.js";
import { words } from "./support/words.js";

const said = words("en");

/** What one does in Firefox, and what one reads there. */
function hands(page) {
  const named = (name) => `button[aria-label="${name}"]`;
  return {
    press: (name) => page.locator(named(name)).click(),
    pressText: (text) => page.locator(`button ::-p-text(${text})`).click(),
    is: (name, attribute, value) => page.waitForSelector(`${named(name)}[${attribute}="${value}"]`, { visible: true }),
    reads: (selector, text) => page.waitForFunction(
      (selector, text) => [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text)), {}, selector, text),
    gone: (selector) => page.waitForFunction((selector) => !document.querySelector(selector), {}, selector),
  };
}

test("Firefox goes the whole way", async (t) => {
  const { url: server } = await startServer(t);
  const [ruby, fox] = await Promise.all([chromiumTab(t, { colour: "red", locale: "en-US", viewport: { width: 1280, height: 800 } }), firefoxTab(t)]);
  await fox.setViewport({ width: 1280, height: 800 });
  const { press, pressText, is, reads, gone } = hands(fox);
  await Promise.all([visit(ruby, server, "yard", "Ruby"), visitInFirefox(fox, server, "yard", "Fox")]); // previews were live
  startClass(t, { server, room: "yard" }).come("José");
  const seat = (name) => ruby.getByRole("group", { name, exact: true });
  const seen = async (page) => (await picturesOf(page)).filter(({ source }) => source === "camera").length;
  const loudness = async () => Math.max(0, ...(await receivedBy(fox)).filter(({ kind }) => kind === "audio").map(({ totalAudioEnergy }) => totalAudioEnergy));

  await until("Ruby's picture", async () => (await picturesOf(fox)).some(({ colour }) => cameraOf(colour) === "red"));
  const before = await loudness();
  await until("Ruby's voice", async () => (await loudness()) > before);
  await until("the picture of Fox", async () => (await seen(ruby)) === 1);

  await press(said.microphone);
  await is(said.microphone, "aria-pressed", false);
  await seat("Fox").getByRole("img", { name: said.muted }).waitFor();
  await press(said.microphone);
  await seat("Fox").getByRole("img", { name: said.muted }).waitFor({ state: "detached" });
  await press(said.camera);
  await until("Fox without a picture", async () => (await seen(ruby)) === 0);
  await press(said.camera);
  await until("the picture again", async () => (await seen(ruby)) === 1);

  await press(said.chat);
  await fox.locator("textarea").fill("hello from Firefox");
  await press(said.send);
  await ruby.getByRole("button", { name: said.chat, exact: true }).click();
  await ruby.getByText("hello from Firefox").first().waitFor();
  await ruby.getByRole("textbox", { name: said.message }).fill("hello from Chromium");
  await ruby.keyboard.press("Enter");
  await reads(".line-text", "hello from Chromium");

  await press(said.members);
  for (const name of ["Ruby", "José", "Fox"]) await reads(".person", name);
  await press(said.raiseHand);
  await is(said.raiseHand, "aria-pressed", true);
  await seat("Fox").getByRole("img", { name: said.handOf("Fox", 1) }).waitFor();
  await press(said.raiseHand);
  await is(said.raiseHand, "aria-pressed", false);
  await press(said.settings);
  await fox.waitForSelector(".settings select");
  await fox.keyboard.press("Escape");
  await gone(".panel");

  await press(said.pin("Ruby"));
  await is(said.pin("Ruby"), "aria-pressed", true);
  const widths = await fox.$$eval(".seat", (seats) => Object.fromEntries(seats.map((seat) => [seat.getAttribute("aria-label"), seat.getBoundingClientRect().width])));
  assert.ok(widths.Ruby > 2 * widths["José"], JSON.stringify(widths));

  // Without a window Firefox has no screen to share, and says so; it looks at Ruby's.
  await press(said.shareScreen);
  await reads(".notice", said.screenTrouble);
  const share = ruby.getByRole("button", { name: said.shareScreen, exact: true });
  const screens = async () => (await picturesOf(fox)).filter(({ source }) => source === "screen").length;
  await share.click();
  await until("Ruby's screen", async () => (await screens()) === 1);
  await share.click();
  await until("no screen", async () => (await screens()) === 0);

  await press(said.leave);
  await reads("h1", said.youLeft);
  await until("Fox to be gone", async () => (await seat("Fox").count()) === 0);
  await pressText(said.rejoin);
  await fox.waitForSelector("input[name=name]");
  await fox.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
  await fox.locator("button[type=submit]").click();
  await fox.waitForSelector("section.stage");
  await until("both pictures again", async () => (await seen(ruby)) === 1 && (await seen(fox)) === 1);
});
