// What hostile people call themselves and write, in a real browser: it is text,
// whatever it looks like, and stays in its place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { isIn, knock, openPeople } from "./support/host.js";
import { output } from "./support/media.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";
import { linesOf } from "./support/visitor.js";
import { until } from "./support/wait.js";

const zalgo = (letter, marks) => letter + "\u030d\u0311\u0325".repeat(marks);

/** What they call themselves, and what of it stands on the page. */
const names = [
  ["<script>window.taken = 1</script>"],
  ["<img src=x onerror=window.taken=1>"],
  ["\u202eevil\u202c \u2066one\u2069", "evil one"],
  ["Te\u0430cher"], // a Cyrillic letter
  ["Teacher\u200b\n\tOwner", "Teacher Owner"],
  ["bell\u0007\u001b[31m and\u0000 bells", "bell[31m and bells"],
  ["W".repeat(64)],
  [zalgo("Z", 20)],
  ["../../etc/passwd"],
  ["%00&amp;&#60;b&#62;"],
];

const lines = [
  "<script>window.taken = 1</script>",
  "<img src=x onerror=window.taken=1><svg onload=window.taken=1>",
  "javascript:window.taken=1 data:text/html,<script>window.taken=1</script>",
  "\u202egnp.exe https://evil.example/\u202egpj.elif",
  "\u2067\u2067\u2067 never closed",
  "W".repeat(4096),
  "방".repeat(1365),
  Array(200).fill("a").join("\n"),
  zalgo("Z", 300),
  "https://example.org/" + "a".repeat(2000),
];

for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
  test(`hostile names and lines are text and keep their places at ${viewport.width}×${viewport.height}`, async (t) => {
    const { url: server } = await startServer(t);
    const page = await chromiumTab(t, { colour: "red", locale: "en-US", viewport });
    const opened = [];
    page.on("dialog", (dialog) => (opened.push(dialog.message()), dialog.dismiss()));
    page.on("popup", (popup) => opened.push(popup.url()));
    await knock(page, `${server}/r/yard`, "Teacher");
    await isIn(page);

    const crowd = startClass(t, { server, room: "yard" });
    crowd.come(...names.map(([name]) => name));
    await crowd.until("in", names.length);
    await openPeople(page);
    const shown = async () => (await page.locator(".person-name bdi").allTextContents()).map((name) => name.normalize("NFC"));
    const others = names.map(([name, is = name]) => is.normalize("NFC")).sort();
    await until("the names", async () => {
      const [first, ...rest] = await shown();
      return (first === "Teacher" && rest.sort().join("|") === others.join("|")) || shown();
    });
    const roles = await page.locator(".person").evaluateAll((people) => people.map((person) => person.querySelector(".role")?.textContent ?? ""));
    assert.deepEqual(roles, ["Owner", ...names.map(() => "")], "only the owner is called one, whatever others look like");
    await keepsItsPlaces(page, ".person-list", ".person-row");
    await page.screenshot({ path: `${output}hostile-names-${viewport.width}.png` });

    await page.getByRole("button", { name: "Chat", exact: true }).click();
    for (const [i, line] of lines.entries()) {
      crowd.say(names[i % names.length][0], line);
      await crowd.until("done", i + 1);
    }
    await until("the lines", async () => {
      const all = await linesOf(page);
      return all.join("|") === lines.join("|") || all.map((line) => line.slice(0, 40));
    });
    await keepsItsPlaces(page, ".log", ".line");
    await page.screenshot({ path: `${output}hostile-lines-${viewport.width}.png` });

    const links = await page.locator(".line-text a").evaluateAll((all) => all.map(({ protocol, rel, target }) => [protocol, rel, target].join()));
    assert.deepEqual([...new Set(links)], ["https:,noopener noreferrer nofollow,_blank"]);
    assert.equal(await page.locator(":is(.log, .person-list, .stage) :is(script, img, iframe)").count(), 0);
    assert.equal(await page.evaluate(() => window.taken), undefined);
    assert.deepEqual(opened, []);
    assert.equal(await page.title(), "yard · Madang");
  });
}

/** Nothing is wider than the page, and no item leaves its list or lies on another. */
async function keepsItsPlaces(page, list, item) {
  const faults = await page.evaluate(([list, item]) => {
    const faults = [];
    if (document.documentElement.scrollWidth > innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth} wide`);
    const around = document.querySelector(list).getBoundingClientRect();
    let bottom = -Infinity;
    for (const one of document.querySelectorAll(item)) {
      const box = one.getBoundingClientRect();
      if (box.left < around.left - 1 || box.right > around.right + 1) faults.push(`${one.textContent.slice(0, 20)} reaches from ${box.left} to ${box.right}`);
      if (box.top < bottom - 1) faults.push(`${one.textContent.slice(0, 20)} lies on the one before`);
      bottom = box.bottom;
    }
    for (const panel of document.querySelectorAll(".panel, .panel-body, .log")) {
      if (panel.scrollWidth > panel.clientWidth) faults.push(`${panel.className} is ${panel.scrollWidth} wide within ${panel.clientWidth}`);
    }
    return faults;
  }, [list, item]);
  assert.deepEqual(faults, []);
}
