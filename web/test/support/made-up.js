// The page with a made-up room behind it (ui/dev), for what needs no server; npm's
// pretest step built it.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { atEnd } from "./ending.js";
import { output } from "./media.js";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json" };

/** Serves it on a free port of loopback until the test ends; resolves with its address. */
export async function serveMadeUp(t) {
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, "http://made.up");
    const name = extname(pathname) ? pathname : "/index.html"; // every path without an ending is the page
    try {
      const content = await readFile(join(output, "made-up", name));
      response.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(t, () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  }));
  return `http://127.0.0.1:${server.address().port}`;
}
