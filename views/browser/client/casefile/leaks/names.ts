/**
 * Names in what was left out: words with capitals, which say little of grammar and much of people. Scripts without
 * capitals (Arabic, Hebrew, Hindi, Chinese, Japanese, Korean) show none. Pure.
 */

/** In longer ones most words with capitals are everybody's, and more care is taken. */
const mostShortWords = 12;
/** Longer runs are headings, or somebody who shouts. */
const mostNameWords = 5;
/** Of one redaction. */
const mostNames = 100;

const word = /\p{Lu}[\p{L}\p{M}'’-]+/u;
const runs = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${word.source}(?:[^\\S\\n]+${word.source})*`, "gu");
const smallWords = /(?<![\p{L}\p{M}'’-])\p{Ll}[\p{L}\p{M}'’-]*/gu;

/** What stands before a word within a sentence. */
const withinSentence = /(?:[\p{L}\p{M}\p{N},;:)\]–—]["'“”’»]?\s["'“„«‘([]*|[/&]\s?|[\p{L}\p{M}]['’-])$/u;
/** Before a name, with a full stop that ends no sentence. */
const title = /(?<![\p{L}\p{M}])(?:\p{Lu}|Mrs?|Ms|Mme|Dr|Prof|Fr|Hr|Sra?|St|Ing)\.\s?$/u;
/** Characters of both that are looked at. */
const before = 12;

const yearOf2026 = (length: number, step: (i: number) => number, of: Intl.DateTimeFormatOptions): string[] =>
  ["en", "de"].flatMap((language) => {
    const format = new Intl.DateTimeFormat(language, { ...of, timeZone: "UTC" });
    return Array.from({ length }, (_, i) => format.format(step(i)).toLowerCase());
  });
/** Days and months, where they have capitals: each document carries one. */
const calendar = new Set([
  ...yearOf2026(7, (i) => Date.UTC(2026, 0, i + 1), { weekday: "long" }),
  ...yearOf2026(12, (i) => Date.UTC(2026, i, 1), { month: "long" }),
]);

/** German gives all nouns capitals. No other language has three of these words in one text. */
const germanWords = new Set(
  "und das nicht ist mit von auf wurde hat dem ein eine einen dass für sich zum zur wird bei nach ich habe haben es sie wir".split(
    " ",
  ),
);
const fewestGermanWords = 3;
/** What German sentences begin with before a noun. */
const germanStarts = new Set(
  "der die das den dem des ein eine einen einem einer kein keine mein meine sein seine ihr ihre unser unsere dieser diese dieses jeder jede alle viele im am in an auf bei beim nach vor seit mit von vom zu zum zur aus für über um ohne wegen laut als und aber wenn dass".split(
    " ",
  ),
);

/**
 * Names as they stand in a text, the longer ones first: two and more words with capitals in a row, each of these, and
 * one that does not begin a sentence. Of a long text not what begins a sentence alone, what stands there without its
 * capital too, and in German no single nouns.
 */
export function namesIn(text: string): string[] {
  const isLong = text.trim().split(/\s+/u).length > mostShortWords;
  const small = new Set(isLong ? text.match(smallWords) : []);
  const isGerman = isLong && [...small].filter((each) => germanWords.has(each)).length >= fewestGermanWords;
  const isNone = (each: string): boolean => calendar.has(each) || (isGerman && germanStarts.has(each));
  const [whole, single]: [string[], string[]] = [[], []];
  for (const { 0: run, index } of text.matchAll(runs)) {
    const front = text.slice(Math.max(0, index - before), index);
    const isTitled = title.test(front);
    const isFirst = !isTitled && !withinSentence.test(front);
    for (const { words, from } of parted(run, isNone)) {
      const begins = isFirst && from === 0;
      if (isLong && words.length > mostNameWords) continue;
      if (words.length > 1) whole.push(words.join(" "));
      if (isGerman) single.push(...(words.length > 1 || isTitled ? words.slice(-1) : []));
      else if (words.length > 1) single.push(...(begins && isLong ? words.slice(1) : words));
      else if (!begins) single.push(...words);
    }
  }
  const alone = single.filter((each) => !small.has(each.toLowerCase()));
  return [...new Set([...whole, ...alone])].slice(0, mostNames);
}

/** The words of a run, parted where one of them is no name. `from`: how many words of the run come before. */
function parted(run: string, isNone: (small: string) => boolean): { words: string[]; from: number }[] {
  const parts: { words: string[]; from: number }[] = [];
  let isOpen = false;
  for (const [i, each] of run.split(/\s+/u).entries()) {
    const bare = each.replace(/['’]s?$|[-'’]+$/u, "");
    if (isNone(bare.toLowerCase())) isOpen = false;
    else {
      if (!isOpen) parts.push({ words: [], from: i });
      parts.at(-1)!.words.push(bare);
      isOpen = true;
    }
  }
  return parts;
}
