// The real server, built by npm's pretest step, one for each test.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { atEnd } from "./ending.js";
import { output } from "./media.js";

/**
 * Starts a server on free ports of loopback; resolves with its address, its log and how
 * to stop or kill it. It ends with the test, which fails if it did not end well.
 * `settings` are flags: { "media.slots.pairs": 1 }. `host` is where it runs.
 */
export async function startServer(t, settings = {}, host = undefined) {
  const all = { "server.listen": "127.0.0.1:0", "server.admin_listen": "", "server.drain": "0s", "ice.udp_port": 0, ...settings };
  const flags = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
  const [command, ...args] = [...(host?.prefix ?? []), `${output}madang`, ...flags];
  const child = spawn(command, args, { cwd: output, stdio: ["ignore", "pipe", "pipe"] });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", (line) => log.push(line));
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
  const failure = (code) => new Error(`the server ended with ${code}:\n${log.slice(-40).join("\n")}`);

  // Whatever fails next, this is why.
  void ended.then((code) => ![0, killed].includes(code) && t.diagnostic(failure(code).message));

  let killed; // by what
  async function kill() {
    child.kill((killed = "SIGKILL"));
    await ended;
  }

  async function stop() {
    child.kill("SIGTERM");
    const code = await ended;
    if (![0, killed].includes(code)) throw failure(code);
  }
  atEnd(t, stop);
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [address] = line.match(/https?:\/\/[\w.]+:\d+/) ?? [];
      if (address) resolve(address);
    });
    ended.then((code) => reject(failure(code)));
  });
  return { url, stop, kill, log };
}
