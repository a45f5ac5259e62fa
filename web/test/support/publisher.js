import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { atEnd } from "./ending.js";
import { output } from "./media.js";

/** Starts a publisher that is no browser, with a clock that is ahead by so much ("1h"); resolves with its member id. */
export function startPublisher(t, { server, room, name, ahead = "0s" }) {
  const child = spawn(`${output}publisher`, ["-url", server, "-room", room, "-name", name, "-ahead", ahead], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  atEnd(t, async () => {
    child.stdin.end();
    await ended;
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    ended.then((code) => reject(new Error(`the publisher ended with ${code}`)));
  });
}
