import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { atEnd } from "./ending.js";
import { output } from "./media.js";

/**
 * Starts a publisher that is no browser, with a clock that is ahead by so much
 * ("1h"), with three layers if `simulcast`; resolves with its member id. `wants`
 * is called with the layers of its camera that anybody needs, when they change.
 */
export function startPublisher(t, { server, room, name, ahead = "0s", simulcast = false, host, wants = () => {} }) {
  const [command, ...args] = [
    ...(host?.prefix ?? []), `${output}publisher`, "-url", server, "-room", room, "-name", name, "-ahead", ahead, `-simulcast=${simulcast}`,
  ];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  atEnd(t, async () => {
    child.stdin.end();
    await ended;
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [what, ...rest] = line.split(" ");
      if (what === "want") wants(rest);
      else resolve(what);
    });
    ended.then((code) => reject(new Error(`the publisher ended with ${code}`)));
  });
}
