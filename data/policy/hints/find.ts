/** What in a text may point to a person. Runs on the person's device; nothing of it is kept or sent. */
import { ar } from "./ar.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { he } from "./he.ts";
import { hi } from "./hi.ts";
import { it } from "./it.ts";
import { ja } from "./ja.ts";
import { ko } from "./ko.ts";
import { nl } from "./nl.ts";
import { pl } from "./pl.ts";
import { pt } from "./pt.ts";
import { hintKinds, type Hint, type HintKind, type LanguageRules } from "./rules.ts";
import { uk } from "./uk.ts";
import { zh } from "./zh.ts";

/** By language tag. A language that is not here says nothing. */
export const languageRules: ReadonlyMap<string, LanguageRules> = new Map(
  [en, es, fr, de, it, pt, nl, pl, uk, ar, he, hi, zh, ja, ko].map((rules) => [rules.language, rules]),
);

const scripts: readonly (readonly [RegExp, LanguageRules])[] = [
  [/\p{Script=Cyrillic}{2}/u, uk],
  [/\p{Script=Arabic}{2}/u, ar],
  [/\p{Script=Hebrew}{2}/u, he],
  [/\p{Script=Devanagari}{2}/u, hi],
  [/\p{Script=Hangul}{2}/u, ko],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, ja],
];

/** Among the languages in Latin letters, the one whose small words are there; the page's in doubt. */
function latinRules(text: string, pageLanguage: string): LanguageRules | undefined {
  const typed =
    text
      .slice(0, 4000)
      .toLowerCase()
      .match(/[\p{L}\p{M}]+/gu) ?? [];
  const score = (rules: LanguageRules): number => typed.filter((word) => rules.common.includes(word)).length;
  const own = languageRules.get(pageLanguage);
  let best = own;
  let most = own === undefined || own.common.length === 0 ? 0 : score(own) + 2;
  for (const rules of languageRules.values()) {
    if (rules === own || rules.common.length === 0) continue;
    const reached = score(rules);
    if (reached >= 4 && reached > most * 1.3) [best, most] = [rules, reached];
  }
  return best !== undefined && best.common.length > 0 ? best : undefined;
}

/** People write in other languages than the page's. */
function rulesFor(text: string, pageLanguage: string): LanguageRules[] {
  const chosen = scripts.filter(([script]) => script.test(text)).map(([, rules]) => rules);
  if (/\p{Script=Han}/u.test(text) && !chosen.includes(ja)) chosen.push(pageLanguage === "ja" ? ja : zh);
  if (/\p{Script=Latin}{2}/u.test(text)) {
    const own = latinRules(text, pageLanguage);
    if (own !== undefined) chosen.push(own);
  }
  return chosen;
}

const hour = "(?:[01]?\\d|2[0-3])";
const anyTime = new RegExp(`(?<![A-Za-z\\d:.,/])${hour}:[0-5]\\d(?::[0-5]\\d)?(?![\\d:%])`, "gu");
const anyDate = [
  /(?<![\d./-])(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?![\d/-])/gu,
  /(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|[12]\d|3[01])[/.-](?:19|20)\d{2}(?![\d/-])/gu,
  /(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])\/(?:0?[1-9]|[12]\d|3[01])\/\d{2}(?![\d/-])/gu,
];
const email = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Addresses that hold more than a page's place: a question mark with something behind it, or a long random part. */
const link = /https?:\/\/[^\s<>"'“”«»]+/giu;
const secretPart = /[?&#][^=?&#]*=|\/\/[^/]*@|[/=](?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{16,}/iu;
const uuid = /(?<![\w-])[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\w-])/giu;
const ipAddress = /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)/gu;
/** Fingerprints and hardware addresses too: they are as telling. */
const ipv6Address = /(?<![\w:])(?:[\da-f]{1,4}:){3,7}:?[\da-f]+(?::[\da-f]+)*(?![\w:])/giu;
/** "AB123456", "EMP-00421"; standards and faults are no people. */
const staffNumber = /(?<![\p{L}\p{N}-])(?!ISO|IEC|DIN|EN|RFC|CVE|COVID|ASTM)[A-Z]{1,4}-?\d{5,9}(?![\p{L}\p{N}-])/gu;
const phone = /(?<![\p{L}\p{N}.,/:+-])\+?(?:\(\d{1,4}\)|\d)(?:[ \u00a0./()-]{0,2}\d){8,14}(?![\d.,]*\d|\p{L})/gu;
const quote = /["“„«‹「『]([^"“”„«»‹›「」『』\n]{12,300})["”“»›」』]/gu;

function all(patterns: readonly RegExp[], text: string, kind: HintKind): Hint[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({ kind, start: index, end: index + length })),
  );
}

/** Ten million written in groups, and lists of years, have as many digits as a telephone number. */
function isPhone(written: string): boolean {
  if (/^\d{1,3}(?:[ \u00a0.]\d{3})+$/u.test(written)) return false;
  if (/^(?:(?:19|20)\d{2}[ /.-]?)+$/.test(written)) return false;
  return written.startsWith("+") || /[ ./()-]/.test(written) || /^0\d{9,11}$/.test(written);
}

function findPhones(text: string): Hint[] {
  return all([phone], text, "phone").filter(({ start, end }) => isPhone(text.slice(start, end)));
}

/** More than a word that somebody puts in quotes: what was said, as it was said. */
function findQuotes(text: string): Hint[] {
  return all([quote], text, "quote").filter(({ start, end }) => {
    const said = text.slice(start + 1, end - 1).trim();
    return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]/u.test(said)
      ? said.length >= 12
      : said.split(/\s+/u).length >= 5;
  });
}

const sentenceStart = /(?:^|[.!?…:;"“„«»()[\]\n•–—/-])\s*$/u;

/** Two or three capitalised words inside a sentence. */
function findCapitals(
  text: string,
  { after, parts }: NonNullable<LanguageRules["capitals"]>,
  cyrillic: boolean,
): Hint[] {
  const script = cyrillic ? "Cyrillic" : "Latin";
  const word = `(?=\\p{Script=${script}})\\p{Lu}\\p{Ll}[\\p{L}\\p{M}'’-]*`;
  const pattern = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}'’-])${word}(?:[ \\u00a0]${word}){1,2}(?![\\p{L}\\p{N}])`, "gu");
  return all([pattern], text, "name").filter(({ start, end }) => {
    const before = text.slice(Math.max(0, start - 40), start);
    if (sentenceStart.test(before)) return false;
    const previous = /([\p{L}\p{M}'’]+)[\s\u00a0]+$/u.exec(before)?.[1]?.toLowerCase();
    if (previous !== undefined && after.includes(previous)) return false;
    return !text
      .slice(start, end)
      .split(/[ \u00a0]/)
      .some((part) => parts.includes(part));
  });
}

/**
 * Hints in the order of the text; none overlap, the more telling kind stands. `pageLanguage`: BCP 47
 * tag of the page, for texts too short to tell. Odd characters are characters.ts's: the page finds them at once.
 */
export function findHints(text: string, pageLanguage: string): Hint[] {
  const found: Hint[] = [
    ...all([email], text, "email"),
    ...all([link], text, "link").filter(({ start, end }) => secretPart.test(text.slice(start, end))),
    ...all([ipAddress, ipv6Address, uuid], text, "link"),
    ...all(anyDate, text, "date"),
    ...all([staffNumber], text, "number"),
    ...findPhones(text),
    ...all([anyTime], text, "time"),
    ...findQuotes(text),
  ];
  const byLanguage = rulesFor(text, pageLanguage).flatMap((rules) => [
    ...all(rules.only, text, "only"),
    ...all(rules.names, text, "name"),
    ...all(rules.numbers, text, "number"),
    ...all(rules.times, text, "time"),
    ...all(rules.dates, text, "date"),
    ...(rules.capitals === undefined ? [] : findCapitals(text, rules.capitals, rules === uk)),
  ]);
  return withoutOverlaps([...found, ...byLanguage], text.length);
}

/** A quotation holds other hints and stays beside them; of two of one place the longer stands. */
function withoutOverlaps(found: Hint[], length: number): Hint[] {
  const rank = (hint: Hint): number => hintKinds.indexOf(hint.kind);
  const taken = new Uint8Array(length);
  const kept = found
    .sort((a, b) => b.end - b.start - (a.end - a.start) || rank(a) - rank(b))
    .filter(({ kind, start, end }) => {
      if (kind === "quote") return true;
      // Those that stand are as long or longer: one that is in the way covers an end of this one.
      if (taken[start] === 1 || taken[end - 1] === 1) return false;
      taken.fill(1, start, end);
      return true;
    });
  return kept.sort((a, b) => a.start - b.start);
}
