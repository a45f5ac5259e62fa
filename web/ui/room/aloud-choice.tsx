import { usePage } from "../page.ts";
import type { Aloud } from "../storage.ts";

/** How much a screen reader says without being asked. */
export function AloudChoice() {
  const { words: { keyboard: words }, recall, remember } = usePage();
  return (
    <label class="field">
      <span>{words.aloud}</span>
      <select class="choice wide" value={recall().aloud} onChange={(event) => remember({ aloud: event.currentTarget.value as Aloud })}>
        {Object.entries(words.amounts).map(([amount, said]) => <option key={amount} value={amount}>{said}</option>)}
      </select>
    </label>
  );
}
