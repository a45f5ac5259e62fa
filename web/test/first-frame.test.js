// From the click on Join to the first picture of somebody else: with the way into
// the room made ready in the lobby, and without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { startPublisher } from "./support/publisher.js";
import { startServer } from "./support/server.js";
import { percentile } from "./support/wait.js";

const joins = 10; // of each
/** A server asks nobody for a third keyframe within a second, so each join is to somebody else than the one before. */
const rooms = ["yard", "well", "gate"];

test("the first picture comes sooner where the lobby was warm", async (t) => {
  const { url: server } = await startServer(t);
  const members = await Promise.all(rooms.map((room) => startPublisher(t, { server, room, name: "Ada", simulcast: true })));
  const page = await chromiumTab(t, { colour: "red", viewport: { width: 1280, height: 800 } });
  await page.addInitScript(() => {
    sessionStorage.clear(); // each visit is a new one
    localStorage.clear();
  });
  await page.addInitScript(watchFirstPicture);
  const took = { warm: [], cold: [] };
  for (let i = 0; i < 2 * joins; i++) {
    const [how, at] = [i % 2 ? "warm" : "cold", i % rooms.length];
    await page.goto(`${server}/r/${rooms[at]}`);
    took[how].push(await joinOnce(page, members[at], how));
  }

  for (const [how, times] of Object.entries(took)) {
    const [middle, p95] = [0.5, 0.95].map((part) => Math.round(percentile(times.map(({ picture }) => picture), part)));
    t.diagnostic(`${how}: click on Join to first remote picture: median ${middle} ms, p95 ${p95} ms of ${times.length} (one of them: ${JSON.stringify(times.at(-1))})`);
  }
  const median = (how) => percentile(took[how].map(({ picture }) => picture), 0.5);
  assert.ok(median("warm") < median("cold"), `warm ${median("warm")} ms, cold ${median("cold")} ms`);
});

/** Joins once, warm or cold, and leaves; resolves with what took how long, in milliseconds. */
async function joinOnce(page, member, how) {
  await page.getByRole("button", { name: "Join" }).waitFor();
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
  if (how === "warm") {
    await page.getByRole("textbox", { name: "Name" }).fill("Mina");
    await page.waitForFunction(() => window.connections.at(-1)?.connectionState === "connected");
  }
  const times = await page.evaluate(async (member) => {
    const name = document.querySelector("input[name=name]");
    name.value = "Mina"; // where it is cold, in the same moment: nothing can be made ready before the click
    name.dispatchEvent(new Event("input", { bubbles: true }));
    for (let i = 0; i < 20; i++) await undefined; // it is rendered, but not yet painted
    const clicked = performance.now();
    document.querySelector("button[type=submit]").click();
    const marks = await window.firstPicture(member);
    return Object.fromEntries(Object.entries(marks).map(([what, at]) => [what, Math.round(at - clicked)]));
  }, member);
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("button", { name: "Leave" }).waitFor({ state: "detached" });
  return times;
}

/** Runs in the page: `firstPicture` waits for a frame of a member in a video that is seen. */
function watchFirstPicture() {
  window.firstPicture = (member) => new Promise((resolve) => {
    const marks = {};
    const look = () => {
      marks.room ??= document.querySelector("section.stage") ? performance.now() : undefined;
      const video = document.querySelector(`video.picture[data-member="${member}"]`);
      if (!video) return void requestAnimationFrame(look);
      marks.video ??= performance.now();
      video.requestVideoFrameCallback((now) => {
        marks.frame ??= now;
        if (video.ariaHidden === "true") return look();
        marks.picture = now;
        resolve(marks);
      });
    };
    look();
  });
}
