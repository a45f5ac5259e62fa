// make lighthouse: the first page and a lobby as Lighthouse judges them on a slow
// phone: the median of five runs of each, which must be 95 or more in all four. It
// measures this machine too, so it wants it idle; Lighthouse is fetched by npx, apart
// from what the product needs.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const lighthouse = "lighthouse@12.8.2";
const runs = 5;
const least = 95;
const pages = [
  { name: "first page", path: "/" },
  // Nobody may find a room by searching: the server says so, and Lighthouse would have it found.
  { name: "lobby", path: "/r/yard", flags: ["--skip-audits=is-crawlable"] },
];
const chrome = "--headless=new --no-sandbox --disable-gpu --use-fake-device-for-media-stream --use-fake-ui-for-media-stream";

const folder = mkdtempSync(join(tmpdir(), "madang-lighthouse-"));
const server = spawn("bin/madang", ["--server.listen=127.0.0.1:0", "--server.admin_listen=", "--server.drain=0s", "--ice.udp_port=0"]);
process.on("exit", () => {
  server.kill();
  rmSync(folder, { recursive: true });
});
const url = await new Promise((resolve, reject) => {
  server.on("error", reject).on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  createInterface({ input: server.stdout }).on("line", (line) => {
    const [address] = line.match(/http:\/\/[\w.]+:\d+/) ?? [];
    if (address) resolve(address);
  });
});

/** One run; resolves with the report. */
async function judge({ path, flags = [] }) {
  const file = join(folder, "report.json");
  const args = ["--yes", "--loglevel=error", lighthouse, url + path, "--quiet", `--chrome-flags=${chrome}`, "--output=json", `--output-path=${file}`, ...flags];
  const child = spawn("npx", args, { stdio: ["ignore", "ignore", "inherit"], env: { CHROME_PATH: "/usr/bin/chromium", ...process.env } });
  const code = await new Promise((resolve) => child.on("exit", resolve));
  if (code !== 0) throw new Error(`Lighthouse ended with ${code}`);
  return JSON.parse(readFileSync(file, "utf8"));
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const facts = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];

let good = true;
for (const page of pages) {
  const reports = [];
  for (let run = 0; run < runs; run++) reports.push(await judge(page));
  const scores = Object.keys(reports[0].categories).map((id) => [id, median(reports.map(({ categories }) => Math.round(categories[id].score * 100)))]);
  good &&= scores.every(([, score]) => score >= least);
  const measured = facts.map((id) => `${id} ${median(reports.map(({ audits }) => audits[id].numericValue)).toFixed(id.endsWith("shift") ? 3 : 0)}`);
  console.log(`${page.name}: ${scores.map(([id, score]) => `${id} ${score}`).join(", ")} (${measured.join(", ")})`);
  for (const { id, title, score, scoreDisplayMode } of Object.values(reports.at(-1).audits)) {
    if (score !== null && score < 0.9 && !["informative", "metricSavings"].includes(scoreDisplayMode)) console.log(`  ${id}: ${title} (${score})`);
  }
}
writeFileSync(".results/lighthouse.tsv", `lighthouse\t${good ? "ok" : `not met: less than ${least}`}\n`);
process.exit(good ? 0 : 1);
