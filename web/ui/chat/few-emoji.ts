// Lines that are emoji and nothing else stand large.

/** More of them are a text. */
const FEW = 5;

/** Is it a few emoji and nothing else. */
export function isFewEmoji(text: string): boolean {
  if (!/^[\p{Extended_Pictographic}\p{Emoji_Component}\s]+$/u.test(text) || !/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text)) return false;
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment).filter((letter) => letter.trim());
  return letters.length <= FEW && letters.every((letter) => !/^[\d#*]$/.test(letter));
}
