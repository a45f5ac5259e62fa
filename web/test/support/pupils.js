// A class of members that are no browsers: they talk without a pause, whatever
// they are told.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { atEnd } from "./ending.js";
import { output } from "./media.js";
import { until } from "./wait.js";

/** A class at the door of a room, until the test ends. */
export function startClass(t, { server, room }) {
  const child = spawn(`${output}pupils`, ["-url", server, "-room", room], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  atEnd(t, async () => {
    child.stdin.end();
    await ended;
  });
  const heard = [];
  createInterface({ input: child.stdout }).on("line", (line) => heard.push(JSON.parse(line)));
  const order = (what) => child.stdin.write(`${JSON.stringify(what)}\n`);
  const been = (what) => heard.filter((news) => news.what === what);
  return {
    heard,
    come: (...names) => names.forEach((name) => order({ do: "come", name })),
    /** Comes with a camera: 15 pictures a second. */
    comeSeen: (...names) => names.forEach((name) => order({ do: "come", name, camera: true })),
    hand: (name) => order({ do: "hand", name }),
    say: (name, text) => order({ do: "say", name, text }),
    /** Who this has become of, in the order in which it did. */
    been,
    /** Waits until it has become of so many. */
    until: (what, many) => until(`${many} pupils: ${what}`, () => been(what).length >= many || heard.slice(-5), { within: 30_000 }),
  };
}
