// Korean particles follow the sound that a word ends with.

/** The particles that come in pairs: after a final consonant / after a vowel. */
export type Particle = "은/는" | "이/가" | "을/를" | "과/와" | "으로/로";

/** How a word ends: in a vowel, in ㄹ, in another consonant, or who knows. */
type Ending = "vowel" | "rieul" | "consonant" | "unknown";

const RIEUL = 8; // place of ㄹ among the 28 final consonants of Unicode

// How the digits are read: 영 일 이 삼 사 오 육 칠 팔 구.
const DIGITS: readonly Ending[] =
  ["consonant", "rieul", "vowel", "consonant", "vowel", "vowel", "consonant", "rieul", "rieul", "vowel"];

/** Returns word with the particle that its ending asks for; with both where that cannot be known: "Kurt이(가)". */
export function withParticle(word: string, particle: Particle): string {
  const [afterConsonant, afterVowel] = particle.split("/") as [string, string];
  switch (endingOf(word)) {
    case "vowel":
      return word + afterVowel;
    case "rieul":
      return word + (particle === "으로/로" ? afterVowel : afterConsonant);
    case "consonant":
      return word + afterConsonant;
    case "unknown":
      return word + (particle === "으로/로" ? "(으)로" : `${afterConsonant}(${afterVowel})`);
  }
}

function endingOf(word: string): Ending {
  // What is not read aloud, such as a closing quote or an emoji, does not count.
  const spoken = word.normalize("NFC").replace(/[^\p{L}\p{N}]+$/u, "");
  const last = spoken.at(-1) ?? "";
  if (last >= "가" && last <= "힣") return endingOfSyllable(last);
  if (last >= "0" && last <= "9") return DIGITS[Number(last)]!;
  if (/^[A-Z]$/.test(last) && /(^|[^a-z])[A-Z]$/.test(spoken)) return endingOfLetter(last);
  if (/^[a-z]$/i.test(last)) return endingOfLatinWord(spoken.toLowerCase());
  return "unknown";
}

function endingOfSyllable(syllable: string): Ending {
  const final = (syllable.charCodeAt(0) - 0xac00) % 28;
  if (final === 0) return "vowel";
  return final === RIEUL ? "rieul" : "consonant";
}

/** A capital is read by its name: L 엘, R 알, M 엠, N 엔; the others end in a vowel. */
function endingOfLetter(letter: string): Ending {
  if (letter === "L" || letter === "R") return "rieul";
  return letter === "M" || letter === "N" ? "consonant" : "vowel";
}

/** The clear cases of foreign words: Anna, Mina; Daniel, Nicole; Tom, Jane. */
function endingOfLatinWord(word: string): Ending {
  if (/l(le|e)?$/.test(word)) return "rieul";
  if (/(m|n|ng)(ne|me|e)?$/.test(word)) return "consonant";
  return /[aiouwyr]$/.test(word) ? "vowel" : "unknown";
}
