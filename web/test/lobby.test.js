// The lobby in Chromium against the real server: what one sees while one gets
// ready, and that the page keeps still meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { startServer } from "./support/server.js";
import { until } from "./support/wait.js";

/** Runs before the page: devices that tests plug in, what moves, what is played and where. */
function prepare() {
  window.plugged = [];
  const { mediaDevices } = navigator;
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  mediaDevices.enumerateDevices = async () => [...(await list()), ...window.plugged];
  window.plug = (...devices) => {
    window.plugged = devices;
    mediaDevices.dispatchEvent(new Event("devicechange"));
  };
  window.played = [];
  const { setSinkId } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.setSinkId = function (id) {
    window.played.push(id);
    return setSinkId.call(this, id);
  };
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput) window.moved.push([value, ...sources.map(({ node }) => (node?.outerHTML ?? node?.data)?.slice(0, 80))]);
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Opens the lobby, and knows its parts. */
async function openLobby(t, settings = {}) {
  const { url: server } = await startServer(t, settings);
  const page = await chromiumTab(t, { colour: "red", viewport: { width: 1280, height: 800 } });
  await page.addInitScript(prepare);
  await page.clock.install();
  await page.goto(`${server}/r/yard`);
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
  return {
    page,
    name: page.getByRole("textbox", { name: "Name" }),
    said: (text) => page.getByText(text, { exact: true }).waitFor(),
    press: (name) => page.getByRole("button", { name, exact: true }).click(),
    /** The states of all connections that were made. */
    connections: () => page.evaluate(() => window.connections.map(({ connectionState }) => connectionState)),
  };
}

test("the lobby says how one is heard, and how one will join", async (t) => {
  const { page, said, press } = await openLobby(t);
  await said("You join with microphone and camera on.");
  await page.waitForFunction(() => Number(document.querySelector(".preview .meter")?.style.getPropertyValue("--level")) > 0);
  await press("Microphone");
  await said("You join muted, with your camera on.");
  await page.reload();
  await said("You join muted, with your camera on.");

  await press("Microphone");
  await page.locator("summary").click();
  const speaker = page.getByRole("combobox", { name: "Speaker" });
  await speaker.selectOption({ index: 1 });
  await page.evaluate(() => (window.played.length = 0));
  await press("Play a test sound");
  await said("Playing a sound…");
  assert.deepEqual(await page.evaluate(() => window.played), [await speaker.inputValue()]);
  await said("Play a test sound");

  await page.evaluate(() => window.plug(...["audioinput", "audiooutput"].map((kind) => ({ kind, deviceId: `new-${kind}`, label: "Jabra Evolve (0b0e:030c)" }))));
  await said("New: Jabra Evolve.");
  await press("Use it");
  await until("it is remembered", () => page.evaluate(() => localStorage.madang.includes("new-audioinput") && localStorage.madang.includes("new-audiooutput")));
  await page.evaluate(() => window.plug());
  await said("Jabra Evolve is gone. Another device has taken its place.");
  await press("Dismiss");
  await page.evaluate(() => document.querySelector(".preview video").srcObject.getTracks()[0].dispatchEvent(new Event("ended")));
  await page.getByText(/box-red.* is gone/).waitFor();
});

test("the way in is ready before one joins, is let go while nobody looks, and moves nothing", async (t) => {
  const { page, name, said, press, connections } = await openLobby(t);
  assert.deepEqual(await connections(), [], "who has no name is not about to join");
  await name.pressSequentially("Mina", { delay: 50 });
  await said("Your connection is good.");
  assert.deepEqual(await connections(), ["connected"]);
  assert.deepEqual(await page.evaluate(() => window.moved), []);
  await page.clock.fastForward("03:00");
  await until("it is let go", async () => (await connections()).every((state) => state === "closed"));
  await page.mouse.move(300, 300);
  await said("Your connection is good.");
  await name.press("End");
  await name.pressSequentially(" Kim");
  await press("Join");
  await press("People");
  await page.locator(".person").getByText("Mina Kim").waitFor();
  assert.deepEqual((await connections()).filter((state) => state !== "closed"), ["connected"]);
});

test("where a room asks for a password nothing is made ready, and nothing moves", async (t) => {
  const { page, name, said, press, connections } = await openLobby(t, { "rooms.password": "open sesame" });
  await page.getByRole("textbox", { name: "Password" }).waitFor();
  await name.fill("Mina");
  await press("Join");
  await said("This room asks for a password.");
  assert.deepEqual(await connections(), []);
  assert.deepEqual(await page.evaluate(() => window.moved), []);
  await page.getByRole("textbox", { name: "Password" }).fill("open sesame");
  await press("Join");
  await page.getByRole("button", { name: "Leave" }).waitFor();
});
