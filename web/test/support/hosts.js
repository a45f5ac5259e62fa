// Hosts of their own on this machine: a server and its clients in network
// namespaces, each client on a cable that a test may make bad. Needs root.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./ending.js";

const run = (command, ...args) => execFileSync(command, args, { stdio: ["ignore", "pipe", "pipe"] });
let made = 0;

/** Why there can be no hosts here; undefined if there can. */
export function noHosts() {
  if (process.getuid?.() !== 0) return "needs root for network namespaces";
  const name = `madang-try-${process.pid}`;
  try {
    run("ip", "netns", "add", name);
    run("ip", "netns", "exec", name, "iptables", "-w", "-L", "-n");
    run("ip", "netns", "exec", name, "tc", "qdisc", "show");
    return undefined;
  } catch (error) {
    return `no network namespaces with iptables and tc here: ${String(error.stderr ?? error).trim()}`;
  } finally {
    try {
      run("ip", "netns", "del", name);
    } catch {
      // it was never there
    }
  }
}

/** A host that a test runs programs on. */
class Host {
  #files = mkdtempSync(join(tmpdir(), "madang-host-"));

  constructor(name) {
    this.name = name;
    run("ip", "netns", "add", name);
    run("ip", "-n", name, "link", "set", "lo", "up");
  }

  /** What to put before a command to run it here. */
  get prefix() {
    return ["ip", "netns", "exec", this.name];
  }

  /** The path of a script that runs this program here. */
  program(path) {
    const script = join(this.#files, path.replaceAll("/", "-"));
    writeFileSync(script, `#!/bin/sh\nexec ${this.prefix.join(" ")} ${path} "$@"\n`, { mode: 0o755 });
    return script;
  }

  remove() {
    rmSync(this.#files, { recursive: true, force: true });
    run("ip", "netns", "del", this.name);
  }
}

/** A client on a cable to the server. */
class Client extends Host {
  #server;
  #far; // the server's end of the cable
  #bound = 0; // how often its NAT has given it ports

  constructor(name, server, number) {
    super(name);
    const near = `c${number}${name.slice(-8)}`;
    this.#server = server;
    this.#far = `s${number}${name.slice(-8)}`;
    this.server = `10.210.${number}.1`; // address of the server from here
    run("ip", "link", "add", this.#far, "netns", server.name, "type", "veth", "peer", "name", near, "netns", name);
    run("ip", "-n", server.name, "addr", "add", `${this.server}/24`, "dev", this.#far);
    run("ip", "-n", name, "addr", "add", `10.210.${number}.2/24`, "dev", near);
    for (const [host, end] of [[server.name, this.#far], [name, near]]) {
      // An address of IPv6 that comes a second later is another network to Chromium, which gives up what it loads.
      run("ip", "-n", host, "link", "set", end, "addrgenmode", "none");
      // Faults are to meet packets, not the bursts that the kernel makes of them.
      run("ip", "-n", host, "link", "set", end, "gso_max_segs", "1", "up");
    }
    run("ip", "-n", name, "route", "add", "default", "via", this.server); // browsers see no network without one
  }

  /** Lets so much come down to it and no more ("300kbit"), behind a queue of 200 ms. */
  cap(rate) {
    run(...this.#server.prefix, "tc", "qdisc", "replace", "dev", this.#far, "root", "tbf", "rate", rate, "burst", "4kb", "latency", "200ms");
  }

  /** Loses all that it sends and is sent, without a word of it, until `reappear`. */
  vanish() {
    this.#vanished("-I");
  }

  reappear() {
    this.#vanished("-D");
  }

  #vanished(change) {
    run(...this.prefix, "iptables", "-w", change, "INPUT", "!", "-i", "lo", "-j", "DROP");
    run(...this.prefix, "iptables", "-w", change, "OUTPUT", "!", "-o", "lo", "-j", "DROP");
  }

  uncap() {
    run(...this.#server.prefix, "tc", "qdisc", "del", "dev", this.#far, "root");
  }

  /** Loses this part of all UDP packets that come down to it. */
  lose(part) {
    drop(this, part);
  }

  /** Loses this part of all UDP packets that it sends up. */
  loseUp(part) {
    drop(this.#server, part, "-i", this.#far);
  }

  /** Puts it behind a NAT, which lets nothing in but answers. Again: the NAT forgets it and gives it other ports. */
  rebind() {
    const change = this.#bound++ === 0 ? ["-A", (chain) => [chain]] : ["-R", (chain) => [chain, "1"]];
    const first = 20_000 + 1000 * (this.#bound % 10); // below those that programs choose
    const rule = (table, chain, ...rest) => run(...this.prefix, "iptables", "-w", "-t", table, change[0], ...change[1](chain), ...rest);
    rule("raw", "PREROUTING", "!", "-i", "lo", "-p", "udp", "!", "--dport", `${first}:${first + 999}`, "-j", "DROP");
    rule("nat", "POSTROUTING", "!", "-o", "lo", "-p", "udp", "-j", "MASQUERADE", "--to-ports", `${first}-${first + 999}`);
    // What is known of a flow belongs to its zone: in another one it is a new flow.
    rule("raw", "OUTPUT", "!", "-o", "lo", "-p", "udp", "-j", "CT", "--zone-orig", String(this.#bound));
  }

  /** Lets no UDP through, either way, and no TCP to these ports. */
  block(...ports) {
    const refuse = (...rule) => run(...this.prefix, "iptables", "-w", "-A", ...rule, "-j", "DROP");
    for (const way of ["INPUT", "OUTPUT"]) refuse(way, "-p", "udp");
    for (const port of ports) refuse("OUTPUT", "-p", "tcp", "--dport", String(port));
  }
}

function drop(host, part, ...where) {
  run(...host.prefix, "iptables", "-w", "-A", "INPUT", ...where, "-p", "udp", "-m", "statistic", "--mode", "random", "--probability", String(part), "-j", "DROP");
}

/** Makes a server's host and so many clients', until the test ends. */
export function makeHosts(t, clients) {
  const id = `${process.pid.toString(36)}${made++}`;
  const server = new Host(`madang-s-${id}`);
  atEnd(t, () => server.remove());
  return {
    server,
    clients: Array.from({ length: clients }, (_, i) => {
      const client = new Client(`madang-c${i}-${id}`, server, i);
      atEnd(t, () => client.remove());
      return client;
    }),
  };
}
