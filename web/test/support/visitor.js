// A person on the page itself, in Chromium, by what the page offers to eyes and
// screen readers.

import { installProbe } from "./person.js";

const english = { name: "Name", join: "Join", leave: "Leave" };

/** Opens the room, gives a name and joins; camera and microphone are on. `words` are what the page calls things. */
export async function visit(page, server, room, name, words = english) {
  await page.goto(`${server}/r/${room}`);
  await page.evaluate(installProbe);
  await page.getByRole("textbox", { name: words.name }).fill(name);
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0); // the preview is live
  await page.getByRole("button", { name: words.join }).click();
  await page.getByRole("button", { name: words.leave }).waitFor().catch(async () => {
    throw new Error(`${name} is not in the room; the page says: ${await page.locator("body").innerText()}`);
  });
}

/** The pictures of others that a page shows now: name, source, colour and pixels of each. */
export function picturesOf(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("video.picture[data-member]")]
      .filter((video) => video.ariaHidden !== "true" && video.videoWidth > 0)
      .map((video) => ({
        member: video.dataset.member,
        source: video.dataset.source,
        colour: window.probe.colour(video),
        pixels: window.probe.picture(video),
      })),
  );
}

/** What of each stream a page has received so far: frames of video and loudness of sound. */
export function receivedBy(page) {
  return page.evaluate(async () =>
    (await window.probe.received()).map(({ id, kind, framesDecoded = 0, totalAudioEnergy = 0, packetsLost }) => ({
      id, kind, framesDecoded, totalAudioEnergy, packetsLost,
    })),
  );
}

/** Writes a line of chat; the panel is opened if need be. */
export async function write(page, text) {
  const box = page.getByRole("textbox", { name: "Message" });
  if (!(await box.isVisible())) await page.getByRole("button", { name: "Chat", exact: true }).click();
  await box.fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** The lines of chat that a page shows, in order. */
export async function linesOf(page) {
  if (!(await page.getByRole("textbox", { name: "Message" }).isVisible())) await page.getByRole("button", { name: "Chat", exact: true }).click();
  return page.locator("article .line-text").allTextContents();
}

/** The same in Firefox, whose driver knows no roles. */
export async function visitInFirefox(page, server, room, name) {
  await page.goto(`${server}/r/${room}`);
  await page.evaluate(installProbe);
  await page.locator("input[name=name]").fill(name);
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
  await page.locator("button[type=submit]").click();
  await page.waitForSelector('section.stage');
}
