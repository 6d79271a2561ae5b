/** What hints are made of, and the small language in which each language's rules are written. */

/** What may point to a person. Words for each: `hints:kinds.<kind>` in the locales. */
export const hintKinds = [
  "hidden",
  "lookalike",
  "only",
  "name",
  "email",
  "phone",
  "number",
  "link",
  "time",
  "date",
  "quote",
] as const;
export type HintKind = (typeof hintKinds)[number];

export interface Hint {
  kind: HintKind;
  /** Place in the text, UTF-16 units; `end` is behind the last. */
  start: number;
  end: number;
}

export interface LanguageRules {
  /** BCP 47 tag. */
  language: string;
  /** Frequent small words that tell the language from its neighbours; none where the script tells it. */
  common: readonly string[];
  /** All global and with the u flag. */
  times: readonly RegExp[];
  dates: readonly RegExp[];
  names: readonly RegExp[];
  numbers: readonly RegExp[];
  only: readonly RegExp[];
  /**
   * Two capitalised words inside a sentence are a name. Absent where other words are written so too.
   * `after`: words in front of titles and teams rather than of people; `parts`: words that names do not hold.
   */
  capitals?: { after: readonly string[]; parts: readonly string[] };
}

/** Bounded: two of them side by side would take the square of the time for a long gap. */
const spaces = String.raw`(?:[\s\u00a0\u202f]{1,8})`;

/** Spaces stand for any white space, ' for either apostrophe; [sets] stay as they are. */
function loosen(pattern: string): string {
  return pattern.replace(/\[[^\]]*\]|[ ']/g, (part) => (part === " " ? spaces : part === "'" ? "['’]" : part));
}

function compile(patterns: readonly string[], flags: string): RegExp {
  return new RegExp(
    String.raw`(?<![\p{L}\p{M}\p{N}])(?:${patterns.map(loosen).join("|")})(?![\p{L}\p{M}\p{N}])`,
    flags,
  );
}

/** Whole words in either case. Patterns are regular expressions in which a space is any white space. */
export function words(...patterns: string[]): RegExp {
  return compile(patterns, "giu");
}

/** Whole words, as they are written. */
export function exactly(...patterns: string[]): RegExp {
  return compile(patterns, "gu");
}

/** Anywhere: for scripts that put no space between words, or join small words to others. */
export function within(...patterns: string[]): RegExp {
  return new RegExp(`(?:${patterns.map(loosen).join("|")})`, "gu");
}

/** A capitalised word of a name, and up to two more. */
export const latinName = String.raw`\p{Lu}[\p{L}\p{M}'’-]+(?: (?:(?:de|da|di|van|von|der|den|le|la|del|dos|el|bin) )*\p{Lu}[\p{L}\p{M}'’-]+){0,2}`;

/** 1 to 31, and the month after or before it. */
export const day = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
