// Time that a test lets pass itself, by node's mock of timers.

/** All that is due without time passing has happened. */
export const settle = async () => { for (let i = 0; i < 200; i++) await Promise.resolve(); };

/** Lets some milliseconds pass, in steps in which what follows from each can happen. */
export async function pass(t, ms) {
  for (let left = ms; left > 0; left -= 50) {
    t.mock.timers.tick(50);
    await settle();
  }
}
