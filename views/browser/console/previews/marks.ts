/** Characters that cannot be seen, made visible: in a file's name, in a text, in the words of a page. */
import { findHidden, nameOf } from "../../../../data/policy/hints/characters.ts";

export interface Piece {
  text: string;
  /** It stands for characters that could not be seen. */
  mark: boolean;
}

/** Turn the order of what follows them, or hold it: hidden in a file's text they can make it read as something else. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;
const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Past so many, marks are written without names and without elements of their own. */
const mostMarks = 2_000;

interface Place {
  start: number;
  end: number;
  name: string;
}

/** Lines of these alone, as most files have, hide nothing. */
const plainLine = /^[\x20-\x7e\t]*$/;

function hiddenIn(text: string): Place[] {
  const found: Place[] = [];
  for (let start = 0; start < text.length;) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd === -1 ? text.length : lineEnd + 1;
    const line = text.slice(start, end);
    if (!plainLine.test(lineEnd === -1 ? line : line.slice(0, -1)))
      for (const odd of findHidden(line))
        if (odd.kind === "hidden") found.push({ start: start + odd.start, end: start + odd.end, name: odd.name });
    start = end;
  }
  return found;
}

function places(text: string): Place[] {
  const hidden = hiddenIn(text);
  const more = [turning, loneSurrogates].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ 0: character, index }) => ({
      start: index,
      end: index + character.length,
      name: nameOf(character),
    })),
  );
  const byStart = new Map([...hidden, ...more].map((place) => [place.start, place]));
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/** The same character over and over is one mark with a count. */
function runs(found: readonly Place[]): (Place & { count: number })[] {
  const joined: (Place & { count: number })[] = [];
  for (const { start, end, name } of found) {
    const last = joined.at(-1);
    if (last?.end === start && last.name === name) Object.assign(last, { end, count: last.count + 1 });
    else joined.push({ start, end, name, count: 1 });
  }
  return joined;
}

/** "U+202E RIGHT-TO-LEFT OVERRIDE" becomes "U+202E" where there are too many. */
const short = (name: string): string => name.split(" ", 1)[0]!;

/** The text in pieces, in order; nothing of it is left out but what a mark stands for. */
export function markHidden(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let plain = "";
  const put = (): void => {
    if (plain !== "") pieces.push({ text: plain, mark: false });
    plain = "";
  };
  for (const [i, { start, end, name, count }] of runs(places(text)).entries()) {
    plain += text.slice(at, start);
    const times = count === 1 ? "" : ` × ${count}`;
    if (i < mostMarks) {
      put();
      pieces.push({ text: `⟦${name}${times}⟧`, mark: true });
    } else plain += `⟦${short(name)}${times}⟧`;
    at = end;
  }
  plain += text.slice(at);
  put();
  return pieces;
}
