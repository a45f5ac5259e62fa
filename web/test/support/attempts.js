// How often a page tries to reach its server, by the page's own clock: that of a
// test is late now and then, and two attempts seem to be one.

/** Counts from now on. */
export const countAttempts = (page) => page.evaluate(() => {
  window.attempts = [];
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      window.attempts.push(performance.now());
    }
  };
});

/** How many there were in all, and at most within a second. */
export async function attemptsOf(page) {
  const at = await page.evaluate(() => window.attempts);
  const inASecond = at.map((first) => at.filter((time) => time >= first && time < first + 950).length);
  return { all: at.length, most: Math.max(0, ...inASecond) };
}
