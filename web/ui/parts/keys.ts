// What keys mean.

/** Does this key belong to an input method that is composing: it means nothing to us, whatever it is. */
export function isComposing(event: Pick<KeyboardEvent, "isComposing" | "keyCode">): boolean {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Is this key a wish to send: Enter, but not with Shift (a new line), and not
 * the Enter that ends a syllable. Safari sends that one after its composition
 * has ended, with the key code 229.
 */
export function isSend(event: Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode">): boolean {
  return event.key === "Enter" && !event.shiftKey && !isComposing(event);
}
