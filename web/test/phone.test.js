// A phone, as far as Chromium can play one: two cameras, a screen that goes dark, a
// keyboard that takes half of it. Safari's own ways are untested: no engine of it runs here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { join } from "./support/person.js";
import { setStage } from "./support/stage.js";
import { visit } from "./support/visitor.js";
import { until } from "./support/wait.js";

/** Runs in the page before its scripts: the only camera of the machine is both of a phone's, and one at a time. */
function bePhone() {
  const devices = navigator.mediaDevices;
  const [catches, lists] = [devices.getUserMedia.bind(devices), devices.enumerateDevices.bind(devices)];
  window.caught = []; // tracks of the camera, the newest last
  devices.getUserMedia = async (wish) => {
    if (!wish.video) return catches(wish);
    if (window.caught.some(({ readyState }) => readyState === "live")) throw new DOMException("a phone has one camera open", "NotReadableError");
    const stream = await catches({ video: true });
    const [track] = stream.getVideoTracks();
    const settings = track.getSettings();
    track.getSettings = () => ({ ...settings, facingMode: wish.video.facingMode?.ideal ?? "user" });
    window.caught.push(track);
    return stream;
  };
  devices.enumerateDevices = async () => {
    const all = await lists();
    const back = all.filter(({ kind }) => kind === "videoinput").map(({ kind }) => ({ kind, deviceId: "back", label: "Back camera" }));
    return [...all, ...back];
  };
  const asked = navigator.wakeLock.request.bind(navigator.wakeLock);
  window.locks = [];
  navigator.wakeLock.request = async (kind) => {
    const lock = await asked(kind);
    window.locks.push(lock);
    return lock;
  };
}

test("a phone turns its camera, stays lit in the room, and tells what its system mutes", async (t) => {
  const { stage, server } = await setStage(t);
  const page = await chromiumTab(t, { colour: "blue", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "en-US" });
  const other = await (await page.context().browser().newContext()).newPage();
  await page.addInitScript(bePhone);
  await page.goto(`${server}/r/yard`);
  const turn = page.getByRole("button", { name: "Turn camera" });
  const facings = () => page.evaluate(() => window.caught.map((track) => `${track.getSettings().facingMode} ${track.readyState}`));
  const mirrored = () => page.locator("video").first().evaluate((video) => video.classList.contains("mirrored"));
  await turn.waitFor();
  assert.equal(await mirrored(), true);
  await turn.tap();
  await until("the other camera", async () => (await facings()).join() === "user ended,environment live" || facings());
  assert.equal(await mirrored(), false, "what lies before a phone is no mirror");
  await turn.tap();
  await until("the first camera", async () => (await facings()).at(-1) === "user live" || facings());

  assert.equal(await page.evaluate(() => window.locks.length), 0, "a lobby may go dark");
  await visit(page, server, "yard", "Mina");
  await until("a screen that stays lit", () => page.evaluate(() => window.locks.some(({ released }) => !released)));

  await join(other, { stage, server, room: "yard", name: "Dain", publish: [] });
  const cameraOfMina = () => other.evaluate(() => window.room.members.find(({ name }) => name === "Mina")?.sources.camera);
  const bySystem = (muted) => page.evaluate((muted) => {
    const track = window.caught.at(-1);
    Object.defineProperty(track, "muted", { value: muted, configurable: true });
    track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  }, muted);
  await until("a live camera", async () => (await cameraOfMina()) === "live" || cameraOfMina());
  await bySystem(true);
  await until("a camera that its system muted", async () => (await cameraOfMina()) === "muted" || cameraOfMina());
  await bySystem(false);
  await until("a camera that is back", async () => (await cameraOfMina()) === "live" || cameraOfMina());

  // The keyboard makes the view lower (interactive-widget in index.html).
  await page.getByRole("button", { name: "Chat", exact: true }).tap();
  await page.setViewportSize({ width: 390, height: 420 });
  const message = page.getByRole("textbox", { name: "Message" });
  await message.tap();
  const { y, height } = await message.boundingBox();
  assert.ok(y > 0 && y + height <= 420, `the box to write in lies at ${y} to ${y + height} of 420`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), true, "the room itself never scrolls");
  await page.setViewportSize({ width: 390, height: 844 });
  const sheet = await page.getByRole("complementary", { name: "Chat" }).boundingBox();
  assert.ok(sheet.width > 360 && sheet.y > 200, "the panel is a sheet below the stage");

  await page.getByRole("button", { name: "Leave", exact: true }).tap();
  await page.getByRole("heading", { name: "You left the room" }).waitFor();
  await until("a screen that may go dark", () => page.evaluate(() => window.locks.every(({ released }) => released)));
});
