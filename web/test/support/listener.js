// Somebody who listens to the page instead of looking at it.

/** Listens to what the room says by itself; the result asks for all that was said from now on. */
export async function listenTo(page) {
  await page.evaluate(() => {
    const region = document.querySelector("main > [role=status]");
    window.heard = [];
    new MutationObserver(() => region.textContent && window.heard.push(region.textContent))
      .observe(region, { childList: true, subtree: true, characterData: true });
  });
  return () => page.evaluate(() => window.heard);
}
