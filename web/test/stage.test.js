// The stage against the real server: what a moderator puts on it for all, what one
// chooses oneself, and how a crowd is looked at.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";
import { visit } from "./support/visitor.js";
import { until } from "./support/wait.js";

const seat = (page, name) => page.getByRole("group", { name, exact: true });
const press = (page, name) => page.getByRole("button", { name, exact: true }).press("Enter");

/** Who stands large: the names on seats of at least half of the stage. */
async function largeOn(page) {
  return page.evaluate(() => {
    const area = (element) => (element ? element.clientWidth * element.clientHeight : 0);
    const stage = area(document.querySelector(".stage"));
    return [...document.querySelectorAll(".seat")].filter((seat) => area(seat) > stage / 2).map((seat) => seat.ariaLabel).join();
  });
}

const untilLarge = (page, name) => until(`${name || "nobody"} to stand large`, async () => (await largeOn(page)) === name || await largeOn(page));

/** Keeps what a page asks to see: the newest first. */
function viewsOf(page) {
  const views = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => {
    const message = JSON.parse(payload);
    if (message.t === "view") views.unshift(message.tiles);
  }));
  return views;
}

test("a moderator puts one on everybody's stage, where nobody has chosen otherwise", async (t) => {
  const { url: server } = await startServer(t);
  const look = { viewport: { width: 1280, height: 800 }, locale: "en-US", reducedMotion: "reduce" };
  const [owner, other] = await Promise.all(["red", "green"].map((colour) => chromiumTab(t, { colour, ...look })));
  await visit(owner, server, "yard", "Dain");
  await visit(other, server, "yard", "Noor");
  const pupils = startClass(t, { server, room: "yard" });
  pupils.come("Mina", "Yuna");
  await pupils.until("in", 2);
  await seat(other, "Yuna").waitFor();

  assert.equal(await other.getByRole("button", { name: "Spotlight Mina" }).count(), 0, "who does not moderate cannot");
  await press(owner, "Spotlight Mina");
  await Promise.all([untilLarge(owner, "Mina"), untilLarge(other, "Mina")]);
  await press(owner, "Full screen of Mina");
  await owner.waitForFunction(() => document.fullscreenElement && document.querySelectorAll(".seat").length === 1);
  await press(owner, "Full screen of Mina");
  await owner.waitForFunction(() => !document.fullscreenElement && document.querySelectorAll(".seat").length === 4);
  await press(other, "Pin Yuna");
  await untilLarge(other, "Yuna");
  await press(other, "Pin Yuna");
  await untilLarge(other, "Mina");
  await press(owner, "Spotlight Noor"); // who does not look at herself
  await Promise.all([untilLarge(owner, "Noor"), untilLarge(other, "")]);
  await press(owner, "Spotlight Noor");
  await untilLarge(owner, "");
  await press(owner, "Spotlight Noor");
  await untilLarge(owner, "Noor");
  await other.getByRole("button", { name: "Leave", exact: true }).click();
  await untilLarge(owner, "");

  // What one chooses for oneself: who speaks large, without oneself, and remembered.
  await press(owner, "Settings");
  await owner.getByRole("radio", { name: "Speaker large" }).check();
  await until("a speaker to stand large", async () => ["Mina", "Yuna"].includes(await largeOn(owner)) || await largeOn(owner));
  await owner.getByRole("switch", { name: "Show my picture" }).uncheck();
  await seat(owner, "You").waitFor({ state: "detached" });
  await owner.reload();
  await until("the same again", async () => ["Mina", "Yuna"].includes(await largeOn(owner)) || await largeOn(owner));
  assert.equal(await seat(owner, "You").count(), 0);
  await owner.getByRole("button", { name: "Show my picture" }).press("Enter");
  await seat(owner, "You").waitFor();
  await owner.waitForFunction(() => document.activeElement?.classList.contains("stage"));
});

test("a small window shows who is there, and one mutes and leaves from it", async (t) => {
  const { url: server } = await startServer(t);
  const page = await chromiumTab(t, { colour: "red", viewport: { width: 1280, height: 800 }, locale: "en-US" });
  await visit(page, server, "yard", "Dain");
  const pupils = startClass(t, { server, room: "yard" });
  pupils.comeSeen("Mina");
  await pupils.until("in", 1);
  const open = async () => {
    const [pip] = await Promise.all([page.context().waitForEvent("page"), press(page, "Small window")]);
    await pip.getByText("Mina", { exact: true }).waitFor();
    return pip;
  };
  /** Presses what closes the window, perhaps before the key is up again. */
  const closing = (pip, name) => Promise.all([pip.waitForEvent("close"), press(pip, name).catch(() => {})]);
  await press(page, "Settings");
  const pip = await open();
  await pip.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
  await pip.waitForFunction(() => getComputedStyle(document.querySelector("video")).objectFit === "cover"); // with the page's looks
  await press(pip, "Microphone");
  await page.locator('.bar [aria-label="Microphone"][aria-pressed="false"]').waitFor();
  await closing(pip, "Back to the room");
  const frames = () => page.locator("video.picture").first().evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames);
  const before = await frames();
  await until("the picture to go on on the page", async () => (await frames()) > before);
  const again = await open();
  await closing(again, "Leave");
  await page.getByRole("heading", { name: "You left the room" }).waitFor();
});

test("a crowd is turned page by page, and only what is seen is asked for", async (t) => {
  const { url: server } = await startServer(t);
  const page = await chromiumTab(t, { colour: "blue", viewport: { width: 390, height: 844 }, hasTouch: true, locale: "en-US", reducedMotion: "reduce" });
  const views = viewsOf(page);
  await visit(page, server, "yard", "Dain");
  const pupils = startClass(t, { server, room: "yard" });
  const names = Array.from({ length: 14 }, (_, i) => `Pupil ${i + 1}`);
  pupils.come(...names);
  await pupils.until("in", names.length);
  const pager = page.getByRole("group", { name: "Pages" });
  await pager.getByText("1 / 2").waitFor();
  const seen = () => page.locator(".seat").evaluateAll((seats) => seats.map((seat) => seat.ariaLabel));
  const asked = async () => {
    const others = (await seen()).filter((name) => name !== "You");
    const ids = new Map(pupils.been("in").map(({ name, id }) => [id, name]));
    return views[0]?.map(({ member }) => ids.get(member)).sort().join() === others.sort().join() || views[0];
  };

  const first = await seen();
  assert.equal(first.length, 12);
  assert.ok(first.includes("You"));
  await until("the first page to be asked for", asked);
  await page.keyboard.press("PageDown");
  await pager.getByText("2 / 2").waitFor();
  const second = await seen();
  assert.deepEqual([...first, ...second].sort(), [...names, "You"].sort(), "everybody on one page");
  await until("the second page to be asked for", asked);
  assert.equal(await pager.getByRole("button", { name: "Next page" }).getAttribute("aria-disabled"), "true");
  await pager.getByRole("button", { name: "Previous page" }).click();
  await pager.getByText("1 / 2").waitFor();
  await sweep(page, 300, 60);
  await pager.getByText("2 / 2").waitFor();
});

/** Draws a finger over the middle of the stage, from one side to the other. */
async function sweep(page, from, to) {
  const client = await page.context().newCDPSession(page);
  const touch = (type, ...points) => client.send("Input.dispatchTouchEvent", { type, touchPoints: points.map((x) => ({ x, y: 300 })) });
  await touch("touchStart", from);
  for (let step = 1; step <= 4; step++) await touch("touchMove", from + ((to - from) * step) / 4);
  await touch("touchEnd");
}
