// The chat on the page, between two people who speak different languages, against the real server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumTab } from "./support/browsers.js";
import { actOn, isIn, press } from "./support/host.js";
import { startClass } from "./support/pupils.js";
import { startServer } from "./support/server.js";
import { until } from "./support/wait.js";
import { words } from "./support/words.js";

const viewport = { width: 1000, height: 700 };

/** A tab in the room with its chat open; its words are those of its language. */
async function inside(t, server, colour, name, locale) {
  const page = await chromiumTab(t, { colour, locale, viewport });
  const said = words(locale.slice(0, 2));
  page.setDefaultTimeout(15_000);
  await page.goto(`${server}/r/yard`);
  await page.getByRole("textbox", { name: said.name }).fill(name);
  await press(page, said.join);
  await page.getByRole("button", { name: said.leave, exact: true }).waitFor();
  await press(page, said.chat);
  const box = page.getByRole("textbox", { name: said.message });
  const person = {
    page, said, box,
    line: (text) => page.locator("article", { hasText: text }).last(),
    banner: (text) => page.locator(".banner", { hasText: text }),
    told: (text) => page.locator(".chat-said", { hasText: text }).waitFor(),
    /** Waits until this stands in the box. */
    has: (text) => until(`${text} in the box`, async () => (await box.inputValue()) === text || box.inputValue(), { every: 20 }),
    async write(text) {
      await box.fill(text);
      await box.press("Enter");
    },
    /** Chooses a line by keys, and leads to what can be done with it. */
    async choose(text) {
      await page.getByRole("log").focus();
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press("ArrowUp");
        if (await person.line(text).evaluate((line) => line === document.activeElement)) break;
      }
      await page.keyboard.press("Enter");
      await until("the focus on what can be done", () => page.evaluate(() => document.activeElement.closest("[role=toolbar]") !== null));
    },
  };
  await box.waitFor();
  return person;
}

test("people write, answer, whisper and call commands, each in their language", { timeout: 120_000 }, async (t) => {
  const { url: server } = await startServer(t);
  const mina = await inside(t, server, "green", "Mina", "en-US");
  const dain = await inside(t, server, "red", "Dain", "ko-KR");
  const crowd = startClass(t, { server, room: "yard" });
  crowd.come("Ada");
  await crowd.until("in", 1);

  await t.test("marks are drawn, and answers lead to what they answer", async () => {
    await mina.box.fill("**내일**은 *세 시*\n- `의자` 둘");
    await mina.box.press("Enter");
    const line = dain.line("세 시");
    await line.waitFor();
    assert.deepEqual(await line.locator("strong, em, code, li").allTextContents(), ["내일", "세 시", "의자 둘", "의자"]);
    await dain.choose("세 시");
    await dain.page.keyboard.press("Enter"); // the first is to answer
    await dain.banner(dain.said.writing.answers("Mina")).waitFor();
    await dain.page.keyboard.type("좋아요");
    await dain.page.keyboard.press("Enter");
    const quote = mina.line("좋아요").getByRole("button", { name: mina.said.writing.answersYou });
    assert.match(await quote.textContent(), /내일은 세 시 의자 둘$/);
    await quote.click();
    await until("the focus on the line", () => mina.page.locator("article").first().evaluate((line) => line === document.activeElement));
  });

  await t.test("private lines say so in words, are answered privately, and Escape leads back to all", async () => {
    await mina.page.locator(".to select").selectOption({ label: "Dain" });
    await mina.banner("Only to Dain").waitFor();
    await mina.write("psst");
    await dain.line("psst").getByText(dain.said.privateFrom).waitFor();
    await dain.line("psst").hover();
    await press(dain.page, dain.said.writing.reply);
    await dain.banner(dain.said.privateTo("Mina")).waitFor();
    await dain.write("비밀이요");
    await mina.line("비밀이요").getByText("Only to you").waitFor();
    await mina.box.press("Escape");
    await mina.told(mina.said.writing.nowToAll);
    assert.equal(await mina.banner("Only to").count(), 0);
    await mina.box.waitFor(); // the panel is still there
  });

  await t.test("a line that was refused says so, and goes again", async () => {
    await actOn(mina.page, "Dain", "Make guest");
    await dain.page.getByText(dain.said.conduct.nowRole.guest).first().waitFor();
    await dain.write("들려요?"); // still only to Mina
    await dain.line("들려요?").getByText(dain.said.failed).waitFor();
    await actOn(mina.page, "Dain", "Make member");
    await dain.page.getByText(dain.said.conduct.nowRole.member).first().waitFor();
    await press(dain.page, dain.said.resend);
    await press(mina.page, "Chat");
    await mina.line("들려요?").waitFor();
    assert.equal(await dain.line("들려요?").getByText(dain.said.failed).count(), 0);
  });

  await t.test("drafts outlive the panel and the page, with whom they are for", async () => {
    await mina.page.locator(".to select").selectOption({ label: "Dain" });
    await mina.box.fill("half a thought");
    await press(mina.page, "Close");
    await press(mina.page, "Chat");
    await mina.has("half a thought");
    await mina.page.reload();
    await isIn(mina.page);
    await press(mina.page, "Chat");
    await mina.banner("Only to Dain").waitFor();
    await mina.has("half a thought");
    await press(mina.page, mina.said.writing.stopPrivate);
    await mina.page.locator(".to select").waitFor(); // all are there again
  });

  await t.test("commands are completed, done, asked about and told, and never sent by mistake", async () => {
    const options = mina.page.locator(".suggestions [role=option]");
    await mina.box.fill("/mu");
    await options.first().waitFor();
    assert.equal(await mina.box.getAttribute("aria-activedescendant"), await options.first().getAttribute("id"));
    await mina.box.press("Enter");
    await mina.has("/mute ");
    await mina.page.keyboard.type("ad");
    await mina.page.keyboard.press("Tab");
    await mina.has("/mute Ada");
    await mina.page.keyboard.press("Enter");
    await mina.told("Done.");
    await mina.write("/sing");
    await mina.told(mina.said.writing.noCommand("sing"));
    await mina.has("/sing");
    await mina.write("/kick Ada");
    await mina.page.getByRole("group", { name: "Remove Ada?" }).press("Escape");
    await mina.write("/kick Ada");
    await press(mina.page, "Remove");
    await crowd.until("gone", 1);
    await mina.write("//lock");
    await mina.write("/me waves");
    await dain.line("waves").getByText("Mina waves").waitFor();
    await dain.line("/lock").waitFor();
    await dain.write("/음소거 Mina");
    await dain.told(dain.said.conduct.mayNot);
    const all = await dain.page.locator("article").allTextContents();
    assert.deepEqual(all.filter((text) => /\/(kick|mute|sing)/.test(text)), []);
    await mina.write("/help");
    await until("all commands", async () => (await options.count()) === 8);
    await mina.box.press("Escape"); // the list goes, the panel stays
    await mina.box.fill("");
    await press(mina.page, "Emoji");
    await mina.page.locator(".emoji button").first().waitFor();
    await mina.page.keyboard.press("ArrowDown");
    await mina.page.keyboard.press("Enter");
    await mina.box.press("Enter");
    await dain.page.locator("article .big").waitFor();
  });

  await t.test("who takes a line back has it gone everywhere, and keeps the focus in the log", async () => {
    await mina.choose("좋아요"); // of Dain, whom Mina is above
    await mina.page.keyboard.press("ArrowLeft"); // round to the last: to delete
    await mina.page.keyboard.press("Enter");
    await dain.line("좋아요").waitFor({ state: "detached" });
    await until("the focus in the log", () => mina.page.evaluate(() => document.activeElement.closest(".log-frame") !== null));
  });
});

/** Sees a key go down as input methods let pages see it; `safari`: composition has ended before. */
const processed = (box, key, code, { safari = false } = {}) => box.evaluate((box, [key, code, isComposing]) => {
  const event = new KeyboardEvent("keydown", { key, code, isComposing, keyCode: 229, bubbles: true, cancelable: true });
  return box.dispatchEvent(event);
}, [key, code, !safari]);

test("while an input method composes, Enter sends nothing, takes nothing, and no key does anything else", async (t) => {
  const { url: server } = await startServer(t);
  const { page, box, said, line, has } = await inside(t, server, "blue", "다인", "ko-KR");
  const typed = await page.context().newCDPSession(page);
  const compose = (text) => typed.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  const events = await page.evaluateHandle(() => {
    const seen = [];
    for (const type of ["compositionstart", "compositionupdate", "compositionend"]) addEventListener(type, () => seen.push(type), true);
    return seen;
  });
  const lines = () => page.locator("article").count();

  await box.focus();
  for (const text of ["ㅎ", "하", "한"]) await compose(text);
  await processed(box, "Enter", "Enter");
  await page.keyboard.down("Enter"); // while Chromium itself composes
  await page.keyboard.up("Enter");
  await typed.send("Input.insertText", { text: "한" });
  await processed(box, "Enter", "Enter", { safari: true });
  assert.equal(await lines(), 0, "nothing was sent");
  assert.ok((await events.jsonValue()).includes("compositionupdate"), "it was composed");
  assert.match(await box.inputValue(), /한/);
  await box.fill("한");
  await box.press("Enter");
  await line("한").waitFor();
  assert.equal(await lines(), 1);

  // Nor is anything taken from the list, in either way.
  await box.fill("/음");
  await page.locator(".suggestions").waitFor();
  for (const key of ["Enter", "Tab", "ArrowDown", "Escape"]) {
    await processed(box, key, key);
    await processed(box, key, key, { safari: true });
  }
  assert.equal(await box.inputValue(), "/음");
  assert.equal(await page.locator(".suggestions").count(), 1);
  await box.press("Enter");
  await has("/음소거 ");

  // Nor do the keys of the room listen, wherever the focus is; the same key without an input method does.
  const mic = page.getByRole("button", { name: said.microphone, exact: true });
  const before = await mic.getAttribute("aria-pressed");
  const body = page.locator("body");
  await processed(box, "ㅡ", "KeyM");
  await processed(body, "ㅡ", "KeyM");
  await processed(body, "ㅡ", "KeyM", { safari: true });
  await processed(body, "Escape", "Escape");
  assert.equal(await mic.getAttribute("aria-pressed"), before);
  assert.equal(await box.count(), 1, "the chat is still open");
  await body.evaluate((body) => body.dispatchEvent(new KeyboardEvent("keydown", { key: "ㅡ", code: "KeyM", keyCode: 77, bubbles: true })));
  await until("the microphone turned", async () => (await mic.getAttribute("aria-pressed")) !== before);
});
