import { usePage } from "../page.ts";

/** Turns the keys off for those whom they hinder: whoever speaks to their machine says letters. */
export function ShortcutsSwitch() {
  const { words: { keyboard: words }, recall, remember } = usePage();
  return (
    <label class="switch">
      <span><span>{words.use}<small class="quiet">{words.whileWriting}</small></span></span>
      <input
        type="checkbox" role="switch" checked={recall().shortcuts}
        onChange={(event) => remember({ shortcuts: event.currentTarget.checked })}
      />
    </label>
  );
}
