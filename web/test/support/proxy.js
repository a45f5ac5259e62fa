// A wire to the server that a test may cut, and mend.

import { connect, createServer } from "node:net";
import { atEnd } from "./ending.js";

/**
 * Passes on what is for the server, until the test ends. `cut` breaks all
 * connections and makes no others until `mend`; `silence` keeps them open and
 * passes nothing on any more: those that come later work.
 */
export async function startProxy(t, server) {
  const { hostname, port } = new URL(server);
  const pairs = new Set();
  let whole = true;
  const proxy = createServer((near) => {
    if (!whole) return near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    const pair = [near, far];
    pairs.add(pair);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.on("data", (data) => pair.silent || to.write(data));
      from.on("error", () => to.destroy());
      from.on("close", () => (pairs.delete(pair), pair.silent || to.destroy()));
    }
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    whole = false;
    for (const [near, far] of pairs) (near.resetAndDestroy(), far.resetAndDestroy());
  };
  atEnd(t, () => new Promise((resolve) => (cut(), proxy.close(resolve))));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    cut,
    mend: () => (whole = true),
    silence: () => pairs.forEach((pair) => (pair.silent = true)),
  };
}
