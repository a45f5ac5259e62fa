// A picture that is pinned: large on the page, first in what is asked for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { startPublisher } from "./support/publisher.js";
import { startServer } from "./support/server.js";
import { picturesOf, visit } from "./support/visitor.js";
import { until } from "./support/wait.js";

for (const [locale, join, pin] of [["en-US", "Join", (name) => `Pin ${name}`], ["ko-KR", "들어가기", (name) => `${name} 고정`]]) {
  test(`a picture is pinned and let go by keyboard, ${locale}`, async (t) => {
    const { url: server } = await startServer(t);
    const ids = await Promise.all(["Mina", "Noor", "Yuna"].map((name) => startPublisher(t, { server, room: "yard", name })));
    const page = await chromiumTab(t, { colour: "blue", locale, viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
    const views = [];
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => {
      const message = JSON.parse(payload);
      if (message.t === "view") views.push(message.tiles);
    }));
    await visit(page, server, "yard", "Dain", locale === "ko-KR" ? { name: "이름", join, leave: "나가기" } : undefined);
    await until("the pictures", async () => (await picturesOf(page)).length === 3);
    const button = page.getByRole("button", { name: pin("Noor"), exact: true });
    const widths = () => Promise.all(["Mina", "Noor", "Yuna"].map(async (name) =>
      (await page.getByRole("group", { name, exact: true }).boundingBox()).width));

    assert.equal(await button.getAttribute("aria-pressed"), "false");
    await button.focus();
    await page.keyboard.press("Enter");
    await page.locator('[aria-pressed="true"]').and(button).waitFor();
    const [mina, noor, yuna] = await widths();
    assert.ok(noor > 2 * mina && mina === yuna, `${[mina, noor, yuna]} wide`);
    assert.ok(await button.evaluate((element) => element === document.activeElement), "the focus stays");
    await until("the server to be told", () => {
      const [first, ...rest] = views.at(-1);
      return (first.member === ids[1] && first.pin === true && rest.every((tile) => !tile.pin)) || views.at(-1);
    });

    await page.keyboard.press("Space");
    await page.locator('[aria-pressed="false"]').and(button).waitFor();
    assert.equal(new Set(await widths()).size, 1, "all alike again");
    await until("the server to be told", () => views.at(-1).every((tile) => !tile.pin) || views.at(-1));
  });
}
