/**
 * Characters that nobody typed: a hidden or swapped one in pasted text can say from whose copy it
 * was taken. What scripts need (joiners in Hindi and Persian, marks beside Arabic and Hebrew,
 * full width in Japanese, the parts of an emoji) is left alone.
 */

export interface OddCharacter {
  /** Place in the text, UTF-16 units. */
  start: number;
  end: number;
  kind: "hidden" | "space" | "lookalike";
  /** "U+200B ZERO WIDTH SPACE"; without a name where Unicode's is too special to keep here. */
  name: string;
  /** What it becomes. */
  replacement: string;
}

const names: Record<number, string> = {
  0x00a0: "NO-BREAK SPACE",
  0x00ad: "SOFT HYPHEN",
  0x034f: "COMBINING GRAPHEME JOINER",
  0x061c: "ARABIC LETTER MARK",
  0x115f: "HANGUL CHOSEONG FILLER",
  0x1160: "HANGUL JUNGSEONG FILLER",
  0x1680: "OGHAM SPACE MARK",
  0x180e: "MONGOLIAN VOWEL SEPARATOR",
  0x2000: "EN QUAD",
  0x2001: "EM QUAD",
  0x2002: "EN SPACE",
  0x2003: "EM SPACE",
  0x2004: "THREE-PER-EM SPACE",
  0x2005: "FOUR-PER-EM SPACE",
  0x2006: "SIX-PER-EM SPACE",
  0x2007: "FIGURE SPACE",
  0x2008: "PUNCTUATION SPACE",
  0x2009: "THIN SPACE",
  0x200a: "HAIR SPACE",
  0x200b: "ZERO WIDTH SPACE",
  0x200c: "ZERO WIDTH NON-JOINER",
  0x200d: "ZERO WIDTH JOINER",
  0x200e: "LEFT-TO-RIGHT MARK",
  0x200f: "RIGHT-TO-LEFT MARK",
  0x2028: "LINE SEPARATOR",
  0x2029: "PARAGRAPH SEPARATOR",
  0x202a: "LEFT-TO-RIGHT EMBEDDING",
  0x202b: "RIGHT-TO-LEFT EMBEDDING",
  0x202c: "POP DIRECTIONAL FORMATTING",
  0x202d: "LEFT-TO-RIGHT OVERRIDE",
  0x202e: "RIGHT-TO-LEFT OVERRIDE",
  0x202f: "NARROW NO-BREAK SPACE",
  0x205f: "MEDIUM MATHEMATICAL SPACE",
  0x2060: "WORD JOINER",
  0x2061: "FUNCTION APPLICATION",
  0x2062: "INVISIBLE TIMES",
  0x2063: "INVISIBLE SEPARATOR",
  0x2064: "INVISIBLE PLUS",
  0x2066: "LEFT-TO-RIGHT ISOLATE",
  0x2067: "RIGHT-TO-LEFT ISOLATE",
  0x2068: "FIRST STRONG ISOLATE",
  0x2069: "POP DIRECTIONAL ISOLATE",
  0x3000: "IDEOGRAPHIC SPACE",
  0x3164: "HANGUL FILLER",
  0xfeff: "ZERO WIDTH NO-BREAK SPACE",
  0xffa0: "HALFWIDTH HANGUL FILLER",
};

/** "U+0430 CYRILLIC LETTER", with Unicode's name where it is known here. */
export function nameOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const hex = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  const name =
    names[point] ??
    (point >= 0xe0000 && point <= 0xe007f
      ? "TAG"
      : (point >= 0xfe00 && point <= 0xfe0f) || point >= 0xe0100
        ? "VARIATION SELECTOR"
        : point < 0x20 || (point >= 0x7f && point <= 0x9f)
          ? "CONTROL"
          : /\p{Script=Cyrillic}/u.test(character)
            ? "CYRILLIC"
            : /\p{Script=Greek}/u.test(character)
              ? "GREEK"
              : /\p{Script=Latin}/u.test(character) && point < 0x250
                ? "LATIN"
                : point >= 0xff01 && point <= 0xff5e
                  ? "FULLWIDTH"
                  : point >= 0x1d400 && point <= 0x1d7ff
                    ? "MATHEMATICAL"
                    : "");
  return name === "" ? hex : `${hex} ${name}`;
}

// By code point: in a pattern they could not be seen.
const isHidden = (point: number): boolean =>
  (point < 0x20 && point !== 9 && point !== 10 && point !== 13) ||
  (point >= 0x7f && point <= 0x9f && point !== 0x85) ||
  point === 0xad ||
  point === 0x34f ||
  point === 0x61c ||
  point === 0x115f ||
  point === 0x1160 ||
  point === 0x180e ||
  (point >= 0x200b && point <= 0x200f) ||
  (point >= 0x202a && point <= 0x202e) ||
  (point >= 0x2060 && point <= 0x206f) ||
  point === 0x3164 ||
  (point >= 0xfe00 && point <= 0xfe0f) ||
  point === 0xfeff ||
  point === 0xffa0 ||
  (point >= 0xfff9 && point <= 0xfffb) ||
  (point >= 0x1d173 && point <= 0x1d17a) ||
  (point >= 0xe0000 && point <= 0xe01ef);

const isOddSpace = (point: number): boolean =>
  point === 0x85 ||
  point === 0xa0 ||
  point === 0x1680 ||
  (point >= 0x2000 && point <= 0x200a) ||
  point === 0x2028 ||
  point === 0x2029 ||
  point === 0x202f ||
  point === 0x205f ||
  point === 0x3000;

const emoji = /^\p{Extended_Pictographic}$/u;
const emojiEnd = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\u{e007f}]$/u;
/** Scripts whose letters take joiners. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Mongolian}]/u;
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;

type Asked = (at: number) => boolean;

/** Whether the line around a place is written right to left: marks of direction work within it. Ask in order: each line is read once. */
function rightToLeftLines(text: string): Asked {
  let end = -1;
  let isRightToLeft = false;
  return (at) => {
    if (at > end) {
      const next = text.indexOf("\n", at);
      end = next < 0 ? text.length : next;
      isRightToLeft = rightToLeft.test(text.slice(text.lastIndexOf("\n", at - 1) + 1, end));
    }
    return isRightToLeft;
  };
}

function joinerIsNeeded(before: string, after: string): boolean {
  if (emojiEnd.test(before) && emoji.test(after)) return true;
  // Also at the end of a word: a half letter of Hindi ends so.
  return joining.test(before) && (joining.test(after) || (/\p{M}/u.test(before) && !/\p{L}/u.test(after)));
}

function isNeeded(point: number, before: string, after: string, inRightToLeft: () => boolean): boolean {
  switch (point) {
    case 0x200c:
    case 0x200d:
      return joinerIsNeeded(before, after);
    case 0x61c:
    case 0x200e:
    case 0x200f:
    case 0x202a:
    case 0x202b:
    case 0x202c:
    case 0x2066:
    case 0x2067:
    case 0x2068:
    case 0x2069:
      return inRightToLeft();
    case 0xfe0e:
    case 0xfe0f:
      return emoji.test(before) || /[#*0-9]/.test(before);
  }
  if (point >= 0xfe00 && point <= 0xfe02) return /\p{Script=Han}/u.test(before);
  if (point >= 0xe0100 && point <= 0xe01ef) return /\p{Script=Han}/u.test(before);
  return false;
}

function spaceIsNeeded(point: number, before: string, after: string): boolean {
  const narrow = point === 0xa0 || point === 0x202f || (point >= 0x2007 && point <= 0x2009);
  if (narrow && (/[;:!?»%€$°]/.test(after) || /[«\d]/.test(before))) return true;
  // Polish, Ukrainian and Czech keep a short word with the next one.
  if (point === 0xa0 && /\p{L}/u.test(after) && /\p{L}|\./u.test(before)) return false;
  if (point === 0x3000) return before === "" || before === "\n" || eastAsian.test(before) || eastAsian.test(after);
  return false;
}

/** Flags of countries' parts: a black flag, tags, the tag that ends them. */
const flags = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,8}\u{e007f}/gu;

/** Whether a place is in a flag. Ask in order. */
function flagsIn(text: string): Asked {
  const places = [...text.matchAll(flags)].map(({ index, 0: { length } }) => ({ start: index, end: index + length }));
  let i = 0;
  return (at) => {
    while (i < places.length && places[i]!.end <= at) i++;
    return i < places.length && places[i]!.start <= at;
  };
}

/** Those that cannot be seen and are not needed; odd spaces among them. */
export function findHidden(text: string): OddCharacter[] {
  const found: OddCharacter[] = [];
  const inFlag = flagsIn(text);
  const inRightToLeft = rightToLeftLines(text);
  let before = "";
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    const point = character.codePointAt(0)!;
    const start = at;
    const end = at + character.length;
    const after = end < text.length ? String.fromCodePoint(text.codePointAt(end)!) : "";
    if (isHidden(point)) {
      const needed = isNeeded(point, before, after, () => inRightToLeft(start)) || inFlag(start);
      if (!needed) found.push({ start, end, kind: "hidden", name: nameOf(character), replacement: "" });
    } else if (isOddSpace(point) && !spaceIsNeeded(point, before, after)) {
      const replacement = point === 0x85 || point === 0x2028 || point === 0x2029 ? "\n" : " ";
      found.push({ start, end, kind: "space", name: nameOf(character), replacement });
    }
    before = character;
    at = end;
  }
  return found;
}

/** Letters that look the same, Cyrillic and Greek to Latin, pair by pair. */
const cyrillicToLatin = "аaеeоoрpсcуyхxіiјjѕsԁdһhԛqԝwАAВBЕEКKМMНHОOРPСCТTХXІIЈJЅSУYԌGӀIҮY".match(/../gu)!;
const greekToLatin = "οoνvΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaιiρpυu".match(/../gu)!;
const toLatin = new Map([...cyrillicToLatin, ...greekToLatin].map((pair) => [[...pair][0]!, [...pair][1]!]));
const toCyrillic = new Map(cyrillicToLatin.slice(0, 30).map((pair) => [[...pair][1]!, [...pair][0]!]));
const latin = /\p{Script=Latin}/u;
const cyrillic = /\p{Script=Cyrillic}/u;
const greek = /\p{Script=Greek}/u;
const wordsIn = /[\p{L}\p{M}]+/gu;

function lookAlikesIn(word: string, start: number, map: ReadonlyMap<string, string>, foreign: RegExp): OddCharacter[] {
  const found: OddCharacter[] = [];
  let at = start;
  for (const character of word) {
    if (foreign.test(character)) {
      const replacement = map.get(character);
      // A letter that looks like no other was written on purpose: "kΩ", a brand's name.
      if (replacement === undefined) return [];
      found.push({ start: at, end: at + character.length, kind: "lookalike", name: nameOf(character), replacement });
    }
    at += character.length;
  }
  return found;
}

function findMixedWords(text: string): OddCharacter[] {
  const words = [...text.matchAll(wordsIn)];
  const count = (word: string, script: RegExp): number => [...word].filter((letter) => script.test(letter)).length;
  /** Nobody writes Cyrillic or Greek here: a word of nothing but look-alikes was not typed so. */
  const purelyLatin = !words.some(([word]) =>
    [...word].some((letter) => (cyrillic.test(letter) || greek.test(letter)) && !toLatin.has(letter)),
  );
  const someLatin = words.some(([word]) => count(word, latin) > 1);
  return words.flatMap(({ 0: word, index }) => {
    const [inLatin, inCyrillic, inGreek] = [count(word, latin), count(word, cyrillic), count(word, greek)];
    if (inCyrillic + inGreek === 0) return [];
    if (inLatin === 0) {
      const all = purelyLatin && someLatin && (inCyrillic === 0 || inGreek === 0);
      return all ? lookAlikesIn(word, index, toLatin, inGreek > 0 ? greek : cyrillic) : [];
    }
    if (inCyrillic > inLatin && inGreek === 0) return lookAlikesIn(word, index, toCyrillic, latin);
    return lookAlikesIn(word, index, toLatin, /[\p{Script=Cyrillic}\p{Script=Greek}]/u);
  });
}

/** Full-width and mathematical letters, where no East Asian text explains them. */
function findStyled(text: string): OddCharacter[] {
  const explained = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text);
  const pattern = explained ? /[\u{1d400}-\u{1d7ff}]/gu : /[\uff01-\uff5e\u{1d400}-\u{1d7ff}]/gu;
  return [...text.matchAll(pattern)].map(({ 0: character, index }) => ({
    start: index,
    end: index + character.length,
    kind: "lookalike",
    name: nameOf(character),
    replacement: character.normalize("NFKC"),
  }));
}

/** Every odd character, in the order of the text. */
export function findOddCharacters(text: string): OddCharacter[] {
  return [...findHidden(text), ...findMixedWords(text), ...findStyled(text)].sort((a, b) => a.start - b.start);
}

/** The text with its odd characters replaced, everything else as it was. */
export function replaceOddCharacters(text: string): string {
  let out = "";
  let at = 0;
  for (const { start, end, replacement } of findOddCharacters(text)) {
    out += text.slice(at, start) + replacement;
    at = end;
  }
  return out + text.slice(at);
}
