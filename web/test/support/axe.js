// What axe can tell of a page (WCAG 2.2).

import AxeBuilder from "@axe-core/playwright";

/** What axe finds wrong on the page as it is now; `rules` chooses among what it looks for. */
export async function faults(page, rules = (axe) => axe) { // legacy: in this tab alone, without another to merge frames in
  const { violations } = await rules(new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] })).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
