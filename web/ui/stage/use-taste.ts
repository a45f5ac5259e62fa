import { useEffect } from "preact/hooks";
import { usePage } from "../page.ts";
import type { StageChoices } from "./choices.ts";

/** Shows rooms as one wanted to see the last, and remembers how one wants to see this. */
export function useTaste({ layout, selfHidden }: StageChoices): void {
  const { recall, remember } = usePage();
  useEffect(() => {
    const before = recall();
    [layout.value, selfHidden.value] = [before.layout, before.selfHidden];
    const offs = [layout.subscribe((layout) => remember({ layout })), selfHidden.subscribe((selfHidden) => remember({ selfHidden }))];
    return () => offs.forEach((off) => off());
  }, []);
}
