/** What a passphrase must have. Guessing costs a second and 256 MiB each time (crypto/keyfile.ts); the rule keeps the worst out. */

const leastCharacters = 12;
const leastWords = 5;
const leastDifferent = 6;

/** The rule that the hint tells: twelve characters, or five words; not one character again and again. */
export function isStrongEnough(passphrase: string): boolean {
  const words = passphrase
    .trim()
    .split(/\s+/)
    .filter((word) => word.length >= 3);
  const long = [...passphrase].length >= leastCharacters || words.length >= leastWords;
  return long && new Set(passphrase.toLowerCase()).size >= leastDifferent;
}
