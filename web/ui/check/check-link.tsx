import { usePage } from "../page.ts";
import { checkPath } from "../route.ts";
import type { Refusal } from "../session.ts";

/** Leads to the connection check, in a tab of its own if somebody is about to join here. */
export function CheckLink({ apart = false }: { apart?: boolean }) {
  const { words, go } = usePage();
  if (apart) return <a class="check-link" href={checkPath} target="_blank" rel="noopener">{words.checkConnection}</a>;
  return <a class="check-link" href={checkPath} onClick={(event) => (event.preventDefault(), go(checkPath))}>{words.checkConnection}</a>;
}

const ofTheWay: ReadonlySet<Refusal> = new Set(["unreachable", "closed", "timeout", "media_failed"]);

/** May a look at the ways to the server say more about this. */
export function isOfTheWay(refusal: Refusal | undefined): boolean {
  return refusal !== undefined && ofTheWay.has(refusal);
}
