// Turning the pages of a crowd.

import { useEffect } from "preact/hooks";
import { Icon } from "../parts/icons.tsx";
import { ariaKeys } from "../keyboard/catalogue.ts";
import { useCommand } from "../keyboard/use-keyboard.ts";
import { useBox } from "../parts/use-box.ts";
import { useWords } from "../page.ts";
import type { Box } from "./pack.ts";
import type { StageChoices } from "./choices.ts";

export function Pager({ stage, box }: { stage: StageChoices; box: Box }) {
  const words = useWords();
  const element = useBox<HTMLDivElement>(box);
  const [page, pages] = [stage.page.value + 1, stage.pages.value];
  useEffect(() => () => void (stage.page.value = 0), [stage]);
  return (
    <div class="pager" ref={element} role="group" aria-label={words.pages}>
      <Turn icon="back" command="previousPage" label={words.previousPage} by={-1} stage={stage} end={page <= 1} />
      <p aria-label={words.pageOf(page, pages)} role="status">{page} / {pages}</p>
      <Turn icon="forward" command="nextPage" label={words.nextPage} by={1} stage={stage} end={page >= pages} />
    </div>
  );
}

interface TurnProps {
  icon: "back" | "forward";
  command: "previousPage" | "nextPage";
  label: string;
  by: 1 | -1;
  stage: StageChoices;
  /** There is no page that way. It can still be focused: the focus is not lost there. */
  end: boolean;
}

function Turn({ icon, command, label, by, stage, end }: TurnProps) {
  const turn = () => stage.turnPage(by);
  useCommand(command, turn);
  return (
    <button type="button" class="round quiet-button" aria-label={label} aria-keyshortcuts={ariaKeys(command)} aria-disabled={end} onClick={turn}>
      <Icon name={icon} />
    </button>
  );
}
