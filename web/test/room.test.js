// The page in real browsers against the real server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumTab, firefoxTab } from "./support/browsers.js";
import { cameraOf } from "./support/colour.js";
import { output } from "./support/media.js";
import { startServer } from "./support/server.js";
import { linesOf, picturesOf, receivedBy, visit, visitInFirefox, write } from "./support/visitor.js";
import { until } from "./support/wait.js";

/** Waits until the page shows exactly these cameras. */
function untilShown(page, colours) {
  const wanted = [...colours].sort().join();
  return until(`the pictures ${wanted}`, async () => {
    const shown = (await picturesOf(page)).map(({ colour }) => cameraOf(colour)).sort().join();
    return shown === wanted || shown;
  });
}

test("Firefox and Chromium see each other", async (t) => {
  const { url: server } = await startServer(t);
  const [chromium, firefox] = await Promise.all([chromiumTab(t, { colour: "red" }), firefoxTab(t)]);
  await Promise.all([visit(chromium, server, "yard", "Chromium"), visitInFirefox(firefox, server, "yard", "Firefox")]);
  await untilShown(firefox, ["red"]);
  for (const page of [chromium, firefox]) {
    const heard = async (kind, field) => Math.max(0, ...(await receivedBy(page)).filter((stream) => stream.kind === kind).map((stream) => stream[field]));
    const [frames, loudness] = [await heard("video", "framesDecoded"), await heard("audio", "totalAudioEnergy")];
    await until("frames", async () => (await heard("video", "framesDecoded")) >= frames + 20);
    await until("sound", async () => (await heard("audio", "totalAudioEnergy")) > loudness);
    let before; // what was seen last; a picture may be paused for a moment
    await until("movement", async () => {
      const [picture] = await picturesOf(page);
      const moved = before !== undefined && picture !== undefined && picture.pixels !== before.pixels;
      before = picture ?? before;
      return moved;
    });
  }
});

test("a room of three", async (t) => {
  const colours = ["red", "green", "blue"];
  const [red, green] = colours;
  const others = (colour) => colours.filter((other) => other !== colour);
  const { url: server } = await startServer(t);
  const tabs = Object.fromEntries(await Promise.all(colours.map(async (colour) => [colour, await chromiumTab(t, { colour })])));
  await Promise.all(colours.map((colour) => visit(tabs[colour], server, "yard", colour))); // a tab's name is its colour

  await t.test("three tabs see and hear each other", async () => {
    await Promise.all(colours.map(async (colour) => {
      const tab = tabs[colour];
      await untilShown(tab, others(colour));
      await until(`${colour} to see two move and hear two`, async () => { // a voice may still go from one line to another
        const [picturesBefore, before] = [await picturesOf(tab), await receivedBy(tab)];
        await sleep(2000);
        const [picturesAfter, after] = [await picturesOf(tab), await receivedBy(tab)];
        const rose = (kind, field) =>
          after.filter((stream) => stream.kind === kind && stream[field] > (before.find(({ id }) => id === stream.id)?.[field] ?? 0)).length;
        const moved = picturesBefore.filter((picture, k) => picturesAfter[k]?.pixels !== picture.pixels).length;
        const seen = [moved, rose("video", "framesDecoded"), rose("audio", "totalAudioEnergy")];
        return seen.every((many) => many === 2) || seen;
      });
    }));
  });

  await t.test("a screen share appears", async () => {
    const [sharer, watcher] = [tabs[red], tabs[green]];
    await sharer.getByRole("button", { name: "Share screen" }).click();
    const screens = async () => (await picturesOf(watcher)).filter(({ source }) => source === "screen");
    await until("the screen", async () => (await screens()).length === 1);
    const [{ pixels }] = await screens();
    await until("movement on the screen", async () => (await screens()).some((screen) => screen.pixels !== pixels));
    const cameras = (await picturesOf(watcher)).filter(({ source }) => source === "camera");
    assert.ok(cameras.some(({ colour }) => cameraOf(colour) === red), "the sharer's face stays");
    await sharer.getByRole("button", { name: "Share screen" }).click();
    await until("the screen to go", async () => (await screens()).length === 0);
  });

  await t.test("chat lines arrive once, in order, everywhere", async () => {
    await Promise.all(colours.map((colour) => write(tabs[colour], `hello from ${colour}`)));
    const all = colours.map((colour) => `hello from ${colour}`).sort().join();
    await Promise.all(colours.map((colour) => until("every line", async () => {
      const lines = await linesOf(tabs[colour]);
      return lines.sort().join() === all || lines;
    })));
    await sleep(500); // a line that came twice would show by now
    const [first, ...rest] = await Promise.all(colours.map((colour) => linesOf(tabs[colour])));
    assert.equal(first.length, 3);
    for (const lines of rest) assert.deepEqual(lines, first);
  });

  await t.test("a late tab gets the chat history", async (t) => {
    const written = await linesOf(tabs[red]);
    const late = await chromiumTab(t, { colour: "yellow" });
    await visit(late, server, "yard", "late");
    await until("the history", async () => {
      const lines = await linesOf(late);
      return lines.join() === written.join() || lines;
    });
    assert.ok(written.length >= 3);
  });

  await t.test("a closed tab's tile goes within a second", async (t) => {
    const [staying, closing] = [tabs[red], tabs[green]];
    await untilShown(staying, others(red));
    await staying.evaluate((name) => {
      new MutationObserver(() => {
        if (!document.querySelector(`[role="group"][aria-label="${name}"]`)) window.goneAt ??= Date.now();
      }).observe(document.body, { childList: true, subtree: true });
    }, green);
    const closedAt = Date.now();
    await closing.close();
    await staying.waitForFunction(() => window.goneAt);
    const took = (await staying.evaluate(() => window.goneAt)) - closedAt;
    t.diagnostic(`gone after ${took} ms`);
    assert.ok(took <= 1000, `gone after ${took} ms`);
    await untilShown(staying, ["blue"]);
  });
});

test("the screenshot of a real room", async (t) => {
  const colours = ["red", "green", "blue", "yellow"];
  const names = ["Dain", "Minho", "Sora", "Yuna"];
  const { url: server } = await startServer(t);
  const size = { width: 640, height: 360, rate: 3, person: true }; // each frame takes a while to paint
  const tabs = await Promise.all(colours.map((colour) => chromiumTab(t, { colour, size, viewport: { width: 1280, height: 800 } })));
  await Promise.all(tabs.map((tab, i) => visit(tab, server, "madang", names[i])));
  const [page, ...others] = tabs;
  await untilShown(page, colours.slice(1));
  await write(others[0], "Hello from the yard");
  await write(others[1], "안녕하세요");
  await write(page, "Good to see you all");
  await until("the chat", async () => (await linesOf(page)).length === 3);
  for (const quiet of [page, others[0], others[2]]) await quiet.getByRole("button", { name: "Microphone" }).click();
  const speaking = () => page.locator(".seat[data-speaking]").evaluateAll((seats) => seats.map((seat) => seat.ariaLabel).join());
  await until("one who speaks", async () => (await speaking()) === names[2] || speaking());
  await page.mouse.move(0, 0);
  // The README's is taken anew only when asked for, so that a test run changes no file of the repository.
  await page.screenshot({ path: process.env.SCREENSHOT ?? `${output}room.png` });
});
