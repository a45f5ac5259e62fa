// What keys mean.

/**
 * Is this key a wish to send: Enter, but not with Shift (a new line), and not
 * the Enter that ends a syllable. Safari sends that one after its composition
 * has ended, with the key code 229.
 */
export function isSend(event: Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode">): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}
