/** Is this one emoji: what comes as a reaction is text of others. */
export function isEmoji(text: string): boolean {
  return /^\p{Extended_Pictographic}/u.test(text) && [...new Intl.Segmenter().segment(text)].length === 1;
}
