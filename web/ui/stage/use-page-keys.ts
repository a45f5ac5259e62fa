import { useEffect } from "preact/hooks";
import type { StageChoices } from "./choices.ts";

/** PageDown and PageUp turn pages, where nobody is writing or scrolling. */
export function usePageKeys(stage: StageChoices): void {
  useEffect(() => {
    const press = ({ key, isComposing, target }: KeyboardEvent) => {
      if (isComposing || (target as Element).closest("input, textarea, select, .panel")) return;
      if (key === "PageDown") stage.turnPage(1);
      if (key === "PageUp") stage.turnPage(-1);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [stage]);
}
