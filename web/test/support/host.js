// What a host does on the page, by what it offers to eyes and screen readers.

/** Presses a button by its whole name. */
export const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Opens the people, unless they are open. */
export async function openPeople(page) {
  const button = page.getByRole("button", { name: "People", exact: true });
  if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
  await page.locator(".person-list").waitFor();
}

/** Does one thing with one person: opens their menu and chooses. */
export async function actOn(page, name, act) {
  await openPeople(page);
  const menu = page.getByRole("button", { name: `What to do with ${name}`, exact: true });
  if ((await menu.getAttribute("aria-expanded")) !== "true") await menu.click();
  await page.locator(".acts").getByRole("button", { name: act, exact: true }).click();
}

/** The names in the list of people, in its order. */
export const namesOf = (page) => page.locator(".person-name bdi").allTextContents();

/** Makes an invitation for a role, and returns its link. */
export async function invite(page, role) {
  await openPeople(page);
  const more = page.locator(".invite-section details");
  if ((await more.getAttribute("open")) === null) await more.locator("summary").click();
  await page.getByLabel("People who use this link are").selectOption({ label: role });
  await press(page, "Copy invite link");
  await page.getByText("The link is copied.").waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Goes to an address and knocks under a name; `password` is the owners'. */
export async function knock(page, address, name, password) {
  await page.goto(address);
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  if (password) {
    await press(page, "I have a password");
    await page.getByLabel("Password", { exact: true }).fill(password);
  }
  await press(page, "Join");
}

/** Waits until the page is in the room. */
export const isIn = (page) => page.getByRole("button", { name: "Leave", exact: true }).waitFor();

/** Packets of sound that a page has received. */
export const soundOf = (page) => page.evaluate(async () => {
  let packets = 0;
  for (const connection of window.connections) {
    if (connection.connectionState === "closed") continue;
    for (const stat of (await connection.getStats()).values()) {
      if (stat.type === "inbound-rtp" && stat.kind === "audio") packets += stat.packetsReceived;
    }
  }
  return packets;
});
