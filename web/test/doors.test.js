// What the page says at each door: calmly what the room asks for, and what to do next.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults } from "./support/axe.js";
import { chromiumTab } from "./support/browsers.js";
import { isIn, knock, press } from "./support/host.js";
import { startServer } from "./support/server.js";

const tab = (t) => chromiumTab(t, { colour: "green", locale: "en-US", viewport: { width: 900, height: 700 } });

test("each door says what it asks for", async (t) => {
  const [open, word, token] = await Promise.all([
    startServer(t, { "rooms.max_members": 1 }), startServer(t, { "rooms.password": "open sesame" }), startServer(t, { "rooms.access": "token" }),
  ]);
  const [page, other] = await Promise.all([tab(t), tab(t)]);
  page.setDefaultTimeout(8000);
  const says = (text) => page.getByText(text, { exact: true }).waitFor();
  const found = [];
  const check = async (where) => found.push(...(await faults(page)).map((fault) => `${where}: ${fault}`));

  await knock(other, `${open.url}/r/yard`, "Bo");
  await isIn(other);
  await knock(page, `${open.url}/r/yard`, "Ada");
  await says("This room is full. Try again when someone has left.");
  await check("full");

  await page.goto(`${word.url}/r/yard`);
  const password = page.getByLabel("Password", { exact: true });
  await password.waitFor();
  await page.getByRole("textbox", { name: "Name" }).fill("Ada");
  await press(page, "Join");
  await says("This room asks for a password.");
  await password.fill("open says me");
  await press(page, "Join");
  await says("That password is not right. Check it and try again.");
  await check("password");
  await password.fill("open sesame");
  await press(page, "Join");
  await isIn(page);

  const invitationNeeded = "You can come in with an invitation. Ask someone of this room for a link.";
  await page.goto(`${token.url}/r/yard`);
  await says(invitationNeeded);
  await page.getByRole("textbox", { name: "Name" }).fill("Ada");
  await press(page, "Join");
  await page.locator("[aria-disabled=false]", { hasText: "Join" }).waitFor();
  await says(invitationNeeded);
  assert.equal(await page.getByText("That password is not right").count(), 0, "nobody was asked for one");
  await check("token");
  await page.goto(`${token.url}/r/yard#invite=not.a.token`);
  assert.equal(await page.evaluate(() => location.hash), "");
  await says("You have an invitation.");
  await press(page, "Join");
  await says("This invitation is not good any more. Ask for a new one.");
  await check("invitation");
  assert.deepEqual(found, []);
});
