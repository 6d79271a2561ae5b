/** What is drawn for each character of a text, and from which font; pure, before any font is read. */
import { covers, cuts } from "./coverage.ts";

export type Weight = "regular" | "bold";

/** Characters to draw in one font. */
export interface Choice {
  cut: string;
  text: string;
  /** They are not what was typed but stand for it: room for a tab, the code of a character that no font has. */
  isStandIn: boolean;
}

const latin = "noto-sans-latin";
const small = [
  latin,
  "noto-sans-latin-ext",
  "noto-sans-cyrillic",
  "noto-sans-cyrillic-ext",
  "noto-sans-greek",
  "noto-sans-vietnamese",
  // Noto's Arabic letters fall apart into bodies and dots that they share: text copied from it says something else.
  "ibm-plex-sans-arabic",
  "noto-sans-hebrew",
  "noto-sans-devanagari",
];
const emoji = "noto-emoji-emoji";
/** Arrows, ticks, mathematical letters. */
const signs = "noto-sans-math";
/** Megabytes each: for other scripts only when no small one has the character. */
const eastAsian = ["noto-sans-sc", "noto-sans-jp", "noto-sans-kr"];
const eastAsianText =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\u3000-\u303f\uff00-\uffef]/u;
const firstEastAsian: Record<string, string> = { zh: "noto-sans-sc", ja: "noto-sans-jp", ko: "noto-sans-kr" };
const shownAsEmoji = /[\p{Emoji_Presentation}\ufe0f]/u;

/** What is drawn as one: a letter with its marks, consonants that Hindi joins, two halves of a flag, emoji that are joined. */
const clusters =
  /\p{Regional_Indicator}{2}|[^](?:\p{M}|\p{Emoji_Modifier}|\p{Join_Control}|[\u{e0020}-\u{e007f}]|(?<=\u200d)\p{Extended_Pictographic}|(?<=\u094d\u200d?)[\u0904-\u0939\u0958-\u0961])*/gu;
/** Signs that must show nothing. Joiners, selectors and tags shape what stands before them and are drawn with it. */
const unseen = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\p{Cc}]/u;
/** Without a glyph they are left out, and what they would have shaped is drawn side by side. */
const ignorable = /\p{Default_Ignorable_Code_Point}/u;

export function clustersOf(text: string): string[] {
  return text.match(clusters) ?? [];
}

/** Of the three ways to write Han characters the text's own language comes first. */
function cutsFor(cluster: string, language: string): readonly string[] {
  const first = firstEastAsian[language.split("-")[0]!];
  const east = first === undefined ? eastAsian : [first, ...eastAsian.filter((cut) => cut !== first)];
  if (shownAsEmoji.test(cluster)) return [emoji, ...small, ...east, signs];
  return eastAsianText.test(cluster) ? [...east, ...small, signs, emoji] : [...small, ...east, signs, emoji];
}

/** Choosing goes through the tables of one font after the other. Clusters are few; forgotten all at once. */
const chosen = new Map<string, readonly Choice[]>();
const mostChosen = 20_000;

/** In the order of the text. What no font has is drawn as its code, such as "[U+0E01]"; empty when nothing is to be seen. `cluster`: one of `clustersOf`. */
export function choose(cluster: string, language: string): readonly Choice[] {
  const key = `${cluster} ${language}`;
  const known = chosen.get(key);
  if (known !== undefined) return known;
  if (chosen.size >= mostChosen) chosen.clear();
  const made = chooseNew(cluster, language);
  chosen.set(key, made);
  return made;
}

function chooseNew(cluster: string, language: string): readonly Choice[] {
  if (cluster === "\t") return [{ cut: latin, text: "    ", isStandIn: true }];
  const shown = [...cluster].filter((character) => !unseen.test(character)).join("");
  // Without what it would shape, a joiner or selector shows nothing either.
  if ([...shown].every((character) => ignorable.test(character))) return [];
  const forms = [shown, shown.normalize("NFC")];
  for (const cut of cutsFor(shown, language)) {
    const text = forms.find((form) => hasAll(cut, form));
    if (text !== undefined) return [{ cut, text: drawable(cut, text), isStandIn: false }];
  }
  const characters = [...shown];
  if (characters.length > 1) return characters.flatMap((character) => choose(character, language));
  // A hyphen where no line ends, which line breaking has seen already.
  if (shown === "\u2011") return [{ cut: latin, text: "-", isStandIn: false }];
  if (/\s/u.test(shown)) return [{ cut: latin, text: " ", isStandIn: true }];
  return [{ cut: latin, text: codeOf(shown), isStandIn: true }];
}

function hasAll(cut: string, text: string): boolean {
  return [...text].every((character) => ignorable.test(character) || covers(cut, character.codePointAt(0)!));
}

const shaping = /\p{Variation_Selector}|\p{Join_Control}/u;

/** The font library hides joiners and selectors once they have shaped; other signs without a glyph would be an empty box. */
function drawable(cut: string, text: string): string {
  return [...text].filter((character) => shaping.test(character) || covers(cut, character.codePointAt(0)!)).join("");
}

/** "[U+0E01]", as Unicode writes code points. */
export function codeOf(character: string): string {
  return `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** The file of a cut, such as "noto-sans-latin-700-normal.woff". Emoji have one weight. */
export function fileOf(cut: string, weight: Weight): string {
  const number = weight === "bold" && cuts[cut]!.files["700"] !== undefined ? "700" : "400";
  return `${cut}-${number}-normal.woff`;
}
