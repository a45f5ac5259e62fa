// What others see of a tab that is killed, and it itself after it was frozen.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { cameraOf } from "./support/colour.js";
import { untilMoves, visitors } from "./support/looker.js";
import { picturesOf } from "./support/visitor.js";
import { until } from "./support/wait.js";

/** The processes of a tab's browser. */
async function processesOf(page) {
  const session = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.map(({ id }) => id);
}

const signal = (processes, name) => processes.forEach((id) => process.kill(id, name));

describe("who is gone or asleep for half a minute", { concurrency: 2 }, () => {
  test("a tab that is killed shows as reconnecting within ten seconds and is gone within 35", async (t) => {
    const { red, green } = await visitors(t);
    const processes = await processesOf(red);
    const killed = Date.now();
    signal(processes, "SIGSTOP"); // or one that outlives another by a moment says bye for it
    signal(processes, "SIGKILL");
    const after = async (state, within) => {
      await until(state, () => green.evaluate((state) => window.seats.some((seat) => seat.state === state), state), { within });
      return (await green.evaluate((state) => window.seats.find((seat) => seat.state === state).at, state)) - killed;
    };
    const reconnecting = await after("reconnecting", 12_000);
    const gone = await after("gone", 40_000);
    t.diagnostic(`reconnecting after ${reconnecting} ms, gone after ${gone} ms`);
    assert.ok(reconnecting <= 10_000 && gone <= 35_000);
  });

  test("a tab that was frozen wakes up into a live picture within three seconds", async (t) => {
    const { red, green } = await visitors(t);
    const processes = await processesOf(green);
    signal(processes, "SIGSTOP");
    await sleep(30_000); // longer than a server waits for a WebSocket that says nothing
    signal(processes, "SIGCONT");
    const woken = Date.now();
    await sleep(1500); // what was left over is shown by then
    await untilMoves(green);
    await untilMoves(green);
    const took = Date.now() - woken;
    t.diagnostic(`live after ${took} ms`);
    assert.ok(took <= 3000, `live after ${took} ms`);
    await until("the picture", async () => cameraOf((await picturesOf(red))[0]?.colour ?? [0, 0, 0]) === "green");
  });
});
