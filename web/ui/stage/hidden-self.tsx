import { Icon } from "../parts/icons.tsx";
import { useWords } from "../page.ts";
import type { StageChoices } from "./choices.ts";

/** Stands where one's own picture was, and brings it back. */
export function HiddenSelf({ stage }: { stage: StageChoices }) {
  const words = useWords();
  return (
    <button type="button" class="seat-button hidden-self" aria-label={words.showSelf} onClick={() => (stage.selfHidden.value = false)}>
      <Icon name="eye" />
    </button>
  );
}
