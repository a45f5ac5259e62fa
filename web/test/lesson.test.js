// A whole lesson in real browsers: an owner, a moderator, a member and a guest at
// the page, and a class of sixteen that talks without a pause, whatever it is told.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { faults } from "./support/axe.js";
import { chromiumTab } from "./support/browsers.js";
import { actOn, invite, isIn, knock, namesOf, openPeople, press, soundOf } from "./support/host.js";
import { output } from "./support/media.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";
import { linesOf, write } from "./support/visitor.js";
import { until as within } from "./support/wait.js";

/** Twenty people and four browsers take a machine that has other things to do their time. */
const until = (what, ask) => within(what, ask, { within: 30_000 });

const look = { locale: "en-US", viewport: { width: 1280, height: 800 }, permissions: ["microphone", "camera", "clipboard-read", "clipboard-write"] };

test("a lesson of twenty goes its whole way", async (t) => {
  const { url: server } = await startServer(t, { "rooms.lobby": "on", "rooms.owner_password": "chalk and cheese" });
  const address = `${server}/r/class`;
  const tab = (colour) => chromiumTab(t, { colour, ...look });
  const pupils = startClass(t, { server, room: "class" });
  const [owner, moderator, member, guest] = await Promise.all(["red", "green", "blue", "yellow"].map(tab));
  const all = { owner, moderator, member, guest };
  const wrong = [];
  const check = async (page, where) => wrong.push(...(await faults(page)).map((fault) => `${where}: ${fault}`));
  const step = async (name, act) => {
    const began = Date.now();
    await act().catch((error) => { throw new Error(`${name}: ${error.message}`, { cause: error }); });
    t.diagnostic(`${name}: ${Date.now() - began} ms`);
  };

  await step("the owner comes by password, the moderator by invitation", async () => {
    await knock(owner, address, "Teacher", "chalk and cheese");
    await isIn(owner);
    const link = await invite(owner, "Moderator");
    assert.match(link, /\/r\/class#invite=/);
    const asked = [];
    moderator.on("request", (request) => asked.push(request.url()));
    await moderator.goto(link);
    assert.equal(await moderator.evaluate(() => location.href), address, "the invitation is out of the address at once");
    await moderator.reload(); // it is kept for this tab
    await moderator.getByRole("textbox", { name: "Name" }).fill("Assistant");
    await press(moderator, "Join");
    await isIn(moderator);
    assert.deepEqual(asked.filter((url) => url.includes("invite")), [], "and went to no server");
  });

  await step("others wait, are let in one by one, sent away, or let in all at once", async () => {
    const link = await invite(owner, "Guest");
    await Promise.all([knock(member, address, "Mina"), knock(guest, link, "Guest")]);
    await member.getByRole("heading", { name: "Somebody will let you in" }).waitFor();
    await check(member, "waiting");
    await member.screenshot({ path: `${output}waiting.png` });
    await press(owner, "Let Mina in");
    await isIn(member);
    await press(moderator, "Let in"); // from the notice over the stage
    await isIn(guest);
    pupils.come(...Array.from({ length: 17 }, (_, i) => `Pupil ${i + 1}`));
    await pupils.until("waits", 17);
    await press(owner, "Send Pupil 17 away");
    await until("the one sent away", () => pupils.been("gone").some(({ name, code }) => name === "Pupil 17" && code === "forbidden"));
    await owner.getByText("16 people wait").waitFor();
    await check(owner, "people wait");
    await openPeople(moderator);
    await press(moderator, "Let all in");
    await pupils.until("in", 16);
    await Promise.all(Object.values(all).map((page) => until("twenty", async () => (await page.locator(".stage").getAttribute("aria-label")) === "20 people")));
  });

  await step("a guest may not speak, and the page says so", async () => {
    const microphone = guest.getByRole("button", { name: "Microphone", exact: true });
    await until("the guest's microphone", async () => (await microphone.getAttribute("aria-disabled")) === "true");
    await guest.getByText("You are a guest: you can watch and listen.").first().waitFor({ state: "attached" });
    assert.equal(await guest.getByRole("button", { name: "What to do with Mina" }).count(), 0);
  });

  await step("hands stand in the order of raising, and reactions float", async () => {
    await member.keyboard.press("h");
    await owner.getByRole("img", { name: "Mina's hand is up, number 1" }).waitFor();
    pupils.hand("Pupil 3");
    await until("the second hand", async () => (await namesOf(owner))[1] === "Pupil 3" || namesOf(owner));
    await press(guest, "Raise hand");
    await until("three hands", async () => (await namesOf(owner)).slice(0, 3).join() === "Mina,Pupil 3,Guest" || namesOf(owner));
    await actOn(owner, "Mina", "Lower hand");
    await until("two hands", async () => (await namesOf(moderator)).slice(0, 2).join() === "Pupil 3,Guest" || namesOf(moderator));
    await press(member, "Reactions");
    await press(member, "Applause");
    await owner.getByRole("img", { name: "Mina: 👏" }).waitFor();
    await owner.getByRole("img", { name: "Mina: 👏" }).waitFor({ state: "detached" });
  });

  await step("mute all silences everybody, whatever they do, and keeps them so", async () => {
    await until("sound", async () => (await soundOf(owner)) > 50);
    await owner.getByRole("switch", { name: "Let them unmute themselves" }).uncheck();
    await press(owner, "Mute everyone");
    await member.locator(".notices").getByText("Teacher muted your microphone. Raise your hand to speak.").waitFor();
    await sleep(500); // what was under way
    const before = await soundOf(owner);
    await sleep(1500);
    assert.equal(await soundOf(owner), before, "the owner hears nobody");
    const microphone = member.getByRole("button", { name: "Microphone", exact: true });
    assert.equal(await microphone.getAttribute("aria-disabled"), "true");
    assert.equal(await member.locator(".bar").getByText("Someone keeps your microphone muted.").count(), 1);
  });

  await step("who is asked to unmute decides", async () => {
    await actOn(owner, "Mina", "Ask to unmute");
    await member.getByText("Teacher asks you to unmute.").waitFor();
    await check(member, "asked to unmute");
    await member.screenshot({ path: `${output}asked.png` });
    const before = await soundOf(owner);
    await press(member, "Unmute");
    await until("the member's voice", async () => (await soundOf(owner)) > before + 20);
  });

  await step("a screen is stopped", async () => {
    await press(member, "Share screen");
    await owner.getByRole("group", { name: "Mina's screen" }).waitFor();
    await actOn(owner, "Mina", "Stop screen share");
    await owner.getByRole("group", { name: "Mina's screen" }).waitFor({ state: "detached" });
    await member.locator(".notices").getByText("Teacher stopped your screen share.").waitFor();
    assert.equal(await member.getByRole("button", { name: "Share screen", exact: true }).getAttribute("aria-pressed"), "false");
  });

  await step("a member becomes moderator and is told so", async () => {
    await actOn(owner, "Mina", "Make moderator");
    await member.locator(".notices").getByText("You lead this room with others now.").waitFor();
    await actOn(owner, "Mina", "Make member");
    await member.locator(".notices").getByText("You can speak and be seen now.").waitFor();
  });

  await step("who is removed for an hour waits at the door, and is sent away", async () => {
    await actOn(moderator, "Guest", "Remove");
    await moderator.getByLabel("May come back").selectOption({ label: "After 1 hour" });
    await press(moderator, "Remove");
    await guest.getByText("Someone who leads the room has removed you.").waitFor();
    await check(guest, "removed");
    await press(guest, "Rejoin");
    await press(guest, "Join");
    await guest.getByRole("heading", { name: "Somebody will let you in" }).waitFor();
    await press(moderator, "Send Guest away");
    await guest.getByText("You were not let in. Ask the person who invited you.").waitFor();
  });

  await step("a locked room takes nobody new", async () => {
    await owner.getByRole("switch", { name: "Lock the room" }).check();
    await until("the lock", async () => moderator.getByRole("switch", { name: "Lock the room" }).isChecked());
    await press(guest, "Join");
    await guest.getByText("This room is locked. Ask someone inside to let you in.").waitFor();
  });

  await step("slow mode lets lines wait, and clearing takes all back", async () => {
    await owner.getByLabel("Time between messages").selectOption({ label: "10 seconds" });
    await write(member, "one");
    await member.getByText("One message every 10 seconds.").waitFor();
    await write(member, "two");
    await member.getByText("Sending…").waitFor();
    await until("the first line", async () => (await linesOf(moderator)).join() === "one" || linesOf(moderator));
    await openPeople(owner);
    await press(owner, "Clear the chat");
    await press(owner, "Clear");
    await until("an empty chat", async () => (await linesOf(moderator)).length === 0);
    await until("nothing but what waits", async () => (await linesOf(member)).join() === "two" || linesOf(member));
  });

  await step("the end is for all", async () => {
    await press(owner, "End for everyone");
    await check(owner, "about to end");
    await owner.getByRole("button", { name: "End", exact: true }).click();
    for (const page of [owner, moderator, member]) await page.getByRole("heading", { name: "The room has ended" }).waitFor();
    await pupils.until("gone", 17);
    assert.equal(pupils.been("gone").filter(({ code }) => code !== "forbidden").length, 16);
  });

  assert.deepEqual(wrong, []);
});
