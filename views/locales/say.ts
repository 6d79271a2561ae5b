/** Names, lists and sizes as a language says them; the same on pages made by the server and by scripts. */

const rightToLeft = /^(?:ar|fa|he|ur)(?:-|$)/;
const rtlLetter = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const ltrLetter = /(?![\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}])\p{L}/u;

/**
 * Text that runs against the language's direction, kept apart from the sentence around it: otherwise
 * a Latin name in an Arabic list takes the "and" and the brackets of its neighbours with it.
 * First strong isolate and its end, UAX #9.
 */
export function isolated(text: string, language: string): string {
  const against = rightToLeft.test(language) ? ltrLetter : rtlLetter;
  return against.test(text) ? `\u2068${text}\u2069` : text;
}

/** What this language calls the one of a BCP 47 tag; the tag itself where it is none: it may come from anybody. */
export function languageName(tag: string, language: string): string {
  try {
    return new Intl.DisplayNames(language, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Names in a sentence, joined as the language joins them. */
export function listOf(names: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(names.map((name) => isolated(name, language)));
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "3.4 MB" in the person's language; steps of 1,024. */
export function sizeOf(bytes: number, language: string): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1024;
  const style = { style: "unit", unit: units[unit]!, unitDisplay: unit === 0 ? "long" : "short" } as const;
  const digits = { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 };
  return new Intl.NumberFormat(language, { ...style, ...digits }).format(value);
}
