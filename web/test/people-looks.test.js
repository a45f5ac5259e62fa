// The people panel as it works with people: a class with hands up, and some at the
// door, in the dark, on a phone. How it looks otherwise, see support/states.js.

import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "./support/words.js";
import { chromiumTab } from "./support/browsers.js";
import { faults } from "./support/axe.js";
import { output } from "./support/media.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";
import { until } from "./support/wait.js";

const look = { colorScheme: "dark", locale: "ko-KR", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const names = ["김다인", "Ada Lovelace", "박서준", "Mina", "이하늘", "Noor Hassan", "José", "최은우", "Grace Hopper", "정유진"];

/** What a finger may miss, and whether anything is wider than the page. */
const misses = () => {
  const targets = [...document.querySelectorAll(".panel :is(button, select, input:not([type=checkbox]), summary, label.switch), .picker button, .bar button")];
  const small = targets.map((one) => [one.ariaLabel ?? one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.width < 44 || box.height < 44)).map(([name, box]) => `${name}: ${box.width}×${box.height}`);
  return [...small, ...(document.documentElement.scrollWidth > innerWidth ? ["the page is too wide"] : [])];
};

test("people are kept in order on a phone, in the dark, in Korean, and axe finds nothing wrong", async (t) => {
  const { url: server } = await startServer(t, { "rooms.lobby": "on" });
  const page = await chromiumTab(t, { colour: "blue", ...look, reducedMotion: "reduce" });
  const said = words("ko");
  const people = said.conduct;
  const pressed = (name) => page.getByRole("button", { name, exact: true }).click();
  const found = [];
  const check = async (where) => {
    found.push(...[...(await faults(page)), ...(await page.evaluate(misses))].map((fault) => `${where}: ${fault}`));
    await page.screenshot({ path: `${output}people-${where}.png` });
  };

  await page.goto(`${server}/r/yard`);
  await page.getByRole("textbox", { name: said.name }).fill("선생님");
  await pressed(said.join); // the first is the owner, and does not wait
  await page.getByRole("button", { name: said.leave, exact: true }).waitFor();
  const crowd = startClass(t, { server, room: "yard" });
  crowd.come(...names.slice(0, 8));
  await crowd.until("waits", 8);
  await pressed(people.letAllIn);
  await crowd.until("in", 8);
  for (const name of ["박서준", "Mina", "김다인"]) {
    crowd.hand(name);
    await until("the hand", () => crowd.been("done").some((news) => news.name === name));
  }
  crowd.come(...names.slice(8));
  await crowd.until("waits", 10);
  await pressed(said.reactions);
  await check("reactions");
  await page.keyboard.press("Escape");

  await pressed(said.members);
  await page.getByText(people.waiting(2)).waitFor();
  assert.deepEqual((await page.locator(".person-name bdi").allTextContents()).slice(2, 6), ["박서준", "Mina", "김다인", "선생님"]); // after those who wait
  await check("list");
  await page.getByRole("searchbox", { name: people.search }).fill("다인");
  assert.equal(await page.locator(".person").count(), 1);
  await pressed(people.menuOf("김다인"));
  await check("menu");
  await page.locator(".acts").getByRole("button", { name: people.remove, exact: true }).click();
  await page.getByText(people.removeOne("김다인")).waitFor();
  await check("removal");
  await page.getByRole("searchbox", { name: people.search }).fill("");
  await page.locator(".invite-section summary").click();
  await page.getByLabel(people.inviteAs).selectOption("moderator");
  await page.locator(".panel-body").evaluate((body) => body.scrollTo(0, body.scrollHeight));
  await pressed(people.end);
  await page.getByText(people.endSure).waitFor();
  await check("room");
  assert.deepEqual(found, []);
});
