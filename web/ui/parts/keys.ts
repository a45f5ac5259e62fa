// What keys mean.

/**
 * Is this key a wish to send: Enter, but not with Shift (a new line), and not
 * the Enter that ends a syllable. Safari sends that one after its composition
 * has ended, with the key code 229.
 */
export function isSend(event: Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode">): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

/**
 * Is this key a wish to raise a hand, or to take it down: H by its place on the
 * keyboard, so that it is the same in every layout, where nobody is writing.
 */
export function isHand(event: KeyboardEvent): boolean {
  const { code, repeat, ctrlKey, metaKey, altKey, target } = event;
  return code === "KeyH" && !repeat && !ctrlKey && !metaKey && !altKey && !(target as Element).closest("input, textarea, select");
}
