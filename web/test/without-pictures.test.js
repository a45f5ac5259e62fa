// What one hears and is told with the real microphone and the real server: that one
// talks while muted, that no UDP gets through, and sound without pictures.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { cameraOf } from "./support/colour.js";
import { press } from "./support/host.js";
import { startServer } from "./support/server.js";
import { picturesOf, receivedBy, visit } from "./support/visitor.js";
import { until } from "./support/wait.js";

const shown = async (page) => (await picturesOf(page)).map(({ colour }) => cameraOf(colour)).join();
const energyOf = async (page) => (await receivedBy(page)).reduce((sum, { totalAudioEnergy }) => sum + totalAudioEnergy, 0);
const framesOf = async (page) => (await receivedBy(page)).reduce((sum, { framesDecoded }) => sum + framesDecoded, 0);

/** A browser that sends no UDP, as where a network blocks it. */
const withoutUDP = ["--force-webrtc-ip-handling-policy", "--webrtc-ip-handling-policy=disable_non_proxied_udp"];

test("who talks while muted is told, and with sound alone one hears but sees nobody", async (t) => {
  const { url } = await startServer(t);
  const [red, green] = await Promise.all(["red", "green"].map((colour) => chromiumTab(t, { colour, flags: colour === "red" ? withoutUDP : [], locale: "en-US", viewport: { width: 900, height: 700 } })));
  await Promise.all([visit(red, url, "yard", "red"), visit(green, url, "yard", "green")]);
  await until("each sees the other", async () => (await shown(red)) === "green" && (await shown(green)) === "red");

  await press(red, "Microphone");
  const told = red.locator(".notice").getByText("You are muted. Press M to speak.");
  await told.waitFor();
  await press(red, "Unmute");
  await red.locator('[aria-label="Microphone"][aria-pressed="true"]').waitFor();
  await told.waitFor({ state: "detached" });
  await red.locator(".notice").getByText("Your network blocks the best way for calls.").waitFor();
  assert.equal(await green.locator(".notice").count(), 0);

  await press(red, "Settings");
  const soundOnly = red.getByRole("switch", { name: /^Sound only/ });
  await soundOnly.click();
  await until("red sees nobody, and is not seen", async () => (await shown(red)) === "" && (await shown(green)) === "");
  await red.locator('[aria-label="Camera"][aria-pressed="false"]').waitFor();
  const [energy, frames] = [await energyOf(red), await framesOf(red)];
  await until("green is heard", async () => (await energyOf(red)) > energy);
  assert.ok((await framesOf(red)) - frames < 5, "no pictures come");

  await soundOnly.click();
  await until("each sees the other again", async () => (await shown(red)) === "green" && (await shown(green)) === "red");
});
