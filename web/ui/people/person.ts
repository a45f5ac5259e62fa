// What stands for a person without a picture: initials on a hue of the name.

/** Hue of a name in degrees, 0 to 359: the same name has the same hue everywhere. */
export function hueOf(name: string): number {
  let hash = 0x811c9dc5; // FNV-1a
  for (const unit of name.normalize("NFC")) {
    hash = Math.imul(hash ^ unit.codePointAt(0)!, 0x01000193);
  }
  return (hash >>> 0) % 360;
}

/**
 * One or two letters for a name. A Korean full name is called by its given
 * name (김다인 → 다인), others by the first letters of the first and last word.
 */
export function initialsOf(name: string): string {
  const words = name.normalize("NFC").trim().split(/\s+/);
  const only = words[0] ?? "";
  if (words.length === 1 && /^[가-힣]{2,4}$/.test(only)) return only.slice(-2);
  const ends = words.length > 1 ? [only, words.at(-1)!] : [only];
  return ends.map(firstLetter).join("").toLocaleUpperCase();
}

function firstLetter(word: string): string {
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment)) return segment;
  }
  return "";
}
