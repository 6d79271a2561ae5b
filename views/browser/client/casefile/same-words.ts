/**
 * Where the same words stand again, whatever their case, their white space and the way in which their letters are
 * written: what is left out in one place is not left standing in another.
 */
import { clustersOf } from "../../../pdf/choose.ts";

/** UTF-16 code units of the text as it was written; `end` is not in it. */
export interface Span {
  start: number;
  end: number;
}

interface Folded {
  text: string;
  /** For each code unit of it: where in the original its letter begins and ends. */
  from: number[];
  to: number[];
}

/** Nothing of them is seen: soft hyphens, joiners, direction marks. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;
const space = /^\s+$/u;

function fold(text: string): Folded {
  const folded: Folded = { text: "", from: [], to: [] };
  let at = 0;
  for (const cluster of clustersOf(text)) {
    const end = at + cluster.length;
    const plain = cluster.normalize("NFKC").toLowerCase().normalize("NFKC").replace(unseen, "").replaceAll(/\s+/g, " ");
    if (space.test(plain) && folded.text.endsWith(" ")) folded.to[folded.to.length - 1] = end;
    else {
      folded.text += plain;
      for (let i = 0; i < plain.length; i++) {
        folded.from.push(at);
        folded.to.push(end);
      }
    }
    at = end;
  }
  return folded;
}

/** NFKC, lower case, one space for any white space, nothing that is not seen. "": there are no words in it. */
export const foldedWords = (text: string): string => fold(text).text.trim();

/** Where in the text these words stand, from its beginning on, none over another. Words of nothing stand nowhere. */
export function placesOf(words: string, text: string): Span[] {
  const sought = foldedWords(words);
  if (sought === "") return [];
  const { text: within, from, to } = fold(text);
  const places: Span[] = [];
  for (let at = within.indexOf(sought); at !== -1; at = within.indexOf(sought, at + sought.length))
    places.push({ start: from[at]!, end: to[at + sought.length - 1]! });
  return places;
}

/** As many words in a row as nobody writes twice by chance. */
const tellingWords = 6;

/** Whether what was typed gives away what is left out: all of it, or some of its words in a row. */
export function repeats(typed: string, leftOut: string): boolean {
  const [said, secret] = [foldedWords(typed), foldedWords(leftOut)];
  if (secret === "") return false;
  if (said.includes(secret)) return true;
  const words = secret.split(" ");
  return words.some((_, i) => {
    const row = words.slice(i, i + tellingWords);
    return row.length === tellingWords && ` ${said} `.includes(` ${row.join(" ")} `);
  });
}
