// A NAT forgets who is behind it, and gives it other ports in the middle of a call.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { large, modest, setUp, skip, takePart } from "./support/far.js";
import { until } from "./support/wait.js";

test("a NAT that gives Chromium another port costs its media a moment, and nobody joins anew", { skip }, async (t) => {
  const [near, far] = await setUp(t, 2, { "ice.tcp_port": -1 }); // which would be a way round
  far.rebind();
  const [moved, other] = [await takePart(t, far, "red"), await takePart(t, near, "green")];
  const ways = [[other, moved.member, "from it"], [moved, other.member, "to it"]];
  for (const [watcher, member] of ways) {
    await watcher.look(large(member));
    await watcher.untilWide(member, modest.width, 30_000, (width) => width > 0);
  }
  for (let i = 0; i < 3; i++) {
    await sleep(3000);
    await Promise.all(ways.map(([watcher]) => watcher.forget()));
    const before = await Promise.all(ways.map(async ([watcher, member]) => (await watcher.seen(member)).decoded));
    far.rebind();
    await sleep(6000);
    for (const [n, [watcher, member, way]] of ways.entries()) {
      await until(`frames ${way}`, async () => (await watcher.seen(member)).decoded > before[n] + 10);
      const { longest } = await watcher.seen(member);
      t.diagnostic(`nothing came ${way} for ${Math.round(longest)} ms`);
      assert.ok(longest <= 5000, `nothing came ${way} for ${Math.round(longest)} ms`);
    }
  }
  const now = await moved.page.evaluate(() => [window.room.me, window.room.state, window.connections.length]);
  assert.deepEqual(now, [moved.member, "in", 1]);
});
