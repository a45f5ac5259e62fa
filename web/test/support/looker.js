// Somebody on the page who looks at another, whatever happens to that one.

import { chromiumTab } from "./browsers.js";
import { cameraOf } from "./colour.js";
import { startProxy } from "./proxy.js";
import { startServer } from "./server.js";
import { picturesOf, visit } from "./visitor.js";
import { until } from "./wait.js";

/** A room on the page itself: red may be hurt, green looks on. Red's page comes over the wire. */
export async function visitors(t) {
  const { url } = await startServer(t);
  const wire = await startProxy(t, url);
  const [red, green] = await Promise.all(["red", "green"].map((colour) => chromiumTab(t, { colour })));
  await Promise.all([visit(red, wire.url, "yard", "red"), visit(green, url, "yard", "green")]);
  await untilShows(green, "red");
  await green.evaluate(watchSeat, "red");
  return { red, green, wire };
}

/** Runs in a page: `seats` are the states that a member's seat goes through from now on, with times. */
export function watchSeat(name) {
  const seat = () => document.querySelector(`[role="group"][aria-label="${name}"]`);
  const now = () => (!seat() ? "gone" : seat().classList.contains("reconnecting") ? "reconnecting" : "in");
  window.seats = [];
  new MutationObserver(() => {
    if (now() !== (window.seats.at(-1)?.state ?? "in")) window.seats.push({ state: now(), at: Date.now() });
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}

export const untilShows = (page, colour) => until(`the picture of ${colour}`, async () => {
  const shown = (await picturesOf(page)).map((picture) => cameraOf(picture.colour)).join();
  return shown === colour || shown;
});

/** Waits until the picture of a member moves. */
export async function untilMoves(page) {
  const pixels = async () => (await picturesOf(page))[0]?.pixels;
  const before = await pixels();
  await until("movement", async () => ![undefined, before].includes(await pixels()), { every: 50 });
}
