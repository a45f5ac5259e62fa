// Every state that the page can be in, on the made-up room: where it is, and how one
// comes there. Another state is another line.

/**
 * @typedef {object} Way what one has to come into a state
 * @property {import("playwright-core").Page} page
 * @property {object} said the words of the page's language
 * @property {(name: string) => Promise<void>} press presses a button by its whole name
 */

export const at = (name, address, go = async () => {}) => ({ name, address, go });

/** In the room, where the address says who is there (ui/dev/fake.ts). */
export const room = (name, query, go = async () => {}) => at(name, `/r/yard?enter=1&${query}`, async (way) => {
  await way.page.getByRole("button", { name: way.said.leave, exact: true }).waitFor();
  await go(way);
});

/** In the lobby, where one has given a name and knocked. */
export const knock = (name, query, go) => at(name, `/r/yard?${query}`, async (way) => {
  await way.page.getByRole("textbox", { name: way.said.name }).fill("다인");
  await way.press(way.said.join);
  await go(way);
});

export const heading = (name) => ({ page, said }) => page.getByRole("heading", { name: said[name] }).waitFor();
const panel = (name, ready, then = async () => {}) => async (way) => {
  await way.press(way.said[name]);
  await way.page.locator(ready).first().waitFor();
  await then(way);
};

export const states = [
  at("home", "/"),
  at("check", "/test", ({ page, said }) => page.getByText(said.check.outcome.running).first().waitFor({ state: "detached" })),
  at("lobby", "/r/yard"),
  at("lobby with devices", "/r/yard", ({ page }) => page.locator("summary").click()),
  at("lobby without camera", "/r/yard?deny=camera", ({ page }) => page.getByRole("alert").filter({ hasText: /./ }).waitFor()),
  knock("lobby of a full room", "refuse=room_full", ({ page, said }) => page.getByText(said.trouble.room_full).waitFor()),
  knock("waiting", "doors=1", heading("waiting")),
  room("alone", "people=1"),
  room("two", "people=2&speaking=1"),
  room("four", "people=4&speaking=2&muted=1"),
  room("nine", "people=9&speaking=2&hands=2&muted=3&pictures=6&weak=2&paused=1"),
  room("sixteen", "people=16&speaking=4&muted=6"),
  room("screen", "people=5&screen=1"),
  room("two screens", "people=5&screen=2"),
  room("crowd", "people=40&pictures=12"),
  room("chat", "people=4&chat=2", panel("chat", ".line", ({ page, said }) => page.getByText(said.failed).waitFor())),
  room("chat of all kinds", "people=4&chat=3&role=moderator", panel("chat", ".line", async ({ page }) => {
    await page.locator(".line").last().hover();
    await page.locator(".line-actions").waitFor();
  })),
  room("commands", "people=4&chat=3&role=moderator", panel("chat", ".line", async ({ page, said }) => {
    await page.getByRole("textbox", { name: said.message }).fill("/m");
    await page.locator(".suggestions").waitFor();
  })),
  room("emoji", "people=4&chat=1", panel("chat", ".line", async ({ page, press, said }) => {
    await press(said.writing.emoji);
    await page.locator(".emoji").waitFor();
  })),
  room("people", "people=10&hands=2&role=owner&waiting=2", panel("members", ".person")),
  room("invitation", "people=4&role=owner", panel("members", ".person", async ({ page, said, press }) => {
    await page.locator(".invite-section summary").click();
    await page.getByLabel(said.conduct.inviteAs).selectOption("moderator");
    await press(said.conduct.qrCode);
    await page.getByRole("img", { name: said.conduct.qrOf }).waitFor();
  })),
  room("menu of a person", "people=4&role=owner", panel("members", ".person", async ({ page, said, press }) => {
    await press(said.conduct.menuOf("김다인"));
    await page.locator(".acts").waitFor();
  })),
  room("reactions", "people=2", panel("reactions", ".picker")),
  room("settings", "people=2", panel("settings", ".settings")),
  room("statistics", "people=2", panel("settings", ".settings", async ({ page, said, press }) => {
    await press(said.statistics);
    await page.locator(".facts").first().waitFor();
  })),
  room("keys", "people=2", async ({ page, said }) => {
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: said.keyboard.title }).waitFor();
  }),
  room("muted by another", "people=3&mutedby=mic&held=1", ({ page }) => page.locator(".notice").first().waitFor()),
  room("asked to unmute", "people=3&askedby=mic", ({ page }) => page.locator(".notice.asked").waitFor()),
  room("sound held back", "people=2&blocked=1", ({ page, said }) => page.getByText(said.soundBlocked).waitFor()),
  room("reconnecting", "people=3&lost=server_unreachable", ({ page }) => page.locator(".reconnecting-notice").waitFor()),
  at("removed", "/r/yard?enter=1&lost=kicked", heading("removed")),
  room("left", "people=1", async (way) => {
    await way.press(way.said.leave);
    await heading("youLeft")(way);
  }),
];

/** Brings a page into a state; `base` is where the made-up room is served, `said` the words of its language. */
export async function enter(page, base, { address, go }, said) {
  await page.goto(base + address);
  await page.locator("h1").first().waitFor({ state: "attached" });
  await go({ page, said, press: (name) => page.getByRole("button", { name, exact: true }).click() });
  await page.waitForFunction(() => [...document.querySelectorAll("video")].every((video) => !video.srcObject || video.videoWidth > 0));
}
