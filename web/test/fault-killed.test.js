// A server that is killed while people talk, in Chromium, with its chat on disk.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { attemptsOf, countAttempts } from "./support/attempts.js";
import { chromiumTab } from "./support/browsers.js";
import { atEnd } from "./support/ending.js";
import { join } from "./support/person.js";
import { startServer } from "./support/server.js";
import { startStage } from "./support/stage.js";
import { until } from "./support/wait.js";

/** Runs in a page: says a line every `interval` ms until `window.hush()`. */
function talk([name, interval]) {
  let count = 0;
  const timer = setInterval(() => window.room.chat.send(`${name}/${count++}`), interval);
  window.hush = () => {
    clearInterval(timer);
    return Array.from({ length: count }, (_, n) => `${name}/${n}`);
  };
}

const texts = (page) => page.evaluate(() => window.room.chat.messages.map(({ text, state, afterBreak }) => `${afterBreak ? "— " : ""}${text} ${state}`));

test("people whose server is killed while they talk are back soon, and no line is lost or doubled", async (t) => {
  const stage = await startStage(t);
  const folder = await mkdtemp(path(tmpdir(), "madang-"));
  atEnd(t, () => rm(folder, { recursive: true }));
  const settings = { "server.allowed_origins": stage, "chat.log_dir": folder };
  let { url: server, kill } = await startServer(t, settings);
  const names = ["red", "green", "blue"];
  const pages = await Promise.all(names.map((colour) => chromiumTab(t, { colour })));
  const arrive = (page, name) => join(page, { stage, server, room: "yard", name });
  const coming = Date.now();
  const ids = await Promise.all(pages.map((page, i) => arrive(page, names[i])));
  const cold = Date.now() - coming;
  await Promise.all(pages.map(countAttempts));
  await Promise.all(pages.map((page, i) => page.evaluate(talk, [names[i], 150])));

  for (const life of [1, 2]) {
    await sleep(1500); // of talk
    const killed = Date.now();
    await kill();
    ({ kill } = await startServer(t, { ...settings, "server.listen": new URL(server).host }));
    for (const [i, page] of pages.entries()) {
      const again = (me) => window.room.state === "in" && window.room.me !== me && window.room.members.length === 3;
      await until("the room", () => page.evaluate(again, ids[i]));
      ids[i] = await page.evaluate(() => window.room.me);
    }
    const back = Date.now() - killed;
    t.diagnostic(`life ${life}: all joined in ${cold} ms, and were back ${back} ms after the kill`);
    assert.ok(back <= 2 * cold, `back after ${back} ms`);
  }

  const said = (await Promise.all(pages.map((page) => page.evaluate(() => window.hush())))).flat().map((text) => `${text} sent`).sort();
  assert.ok(said.length > 40, `${said.length} lines`);
  for (const page of pages) await until("every line", async () => (await texts(page)).sort().join() === said.join() || JSON.stringify(await texts(page)));
  const [order, ...others] = await Promise.all(pages.map(texts));
  for (const other of others) assert.deepEqual(other, order, "everybody reads the same");
  const late = await chromiumTab(t, { colour: "red" });
  await arrive(late, "late");
  await until("the history", async () => (await texts(late)).length >= said.length);
  assert.deepEqual(await texts(late), order, "who comes late reads the same");
  for (const page of pages) {
    const { all, most } = await attemptsOf(page);
    assert.ok(all >= 2 && most <= 2, `${all} attempts, ${most} in a second`);
  }
});
