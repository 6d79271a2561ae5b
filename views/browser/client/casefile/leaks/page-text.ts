/** Letters on a page in other orders than a program that extracts them has. Pure. */

export interface Placed {
  letter: string;
  /** Points from the left and from below. */
  x: number;
  y: number;
}

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;
/** Numbers and Latin words run from left to right within. */
const leftToRight = /[\p{Script=Latin}\p{N}]+(?:[.,:/@_'-]+[\p{Script=Latin}\p{N}]+)*/gu;
const sameLine = 4; // points

/**
 * Lines of Arabic and Hebrew by the places of their letters: vowel signs stand higher and lower, and programs take
 * them for lines of their own, which tears words. They do not count in comparing and are left out. Empty: no such letter.
 */
export function readingOrder(placed: readonly Placed[]): string[] {
  if (!placed.some(({ letter }) => rightToLeft.test(letter))) return [];
  const lines: Placed[][] = [];
  const seen = placed.filter(({ letter }) => !/[\p{M}\p{C}]/u.test(letter)).sort((a, b) => b.y - a.y);
  for (const each of seen) {
    const line = lines.at(-1);
    if (line !== undefined && line[0]!.y - each.y <= sameLine) line.push(each);
    else lines.push([each]);
  }
  return [lines.map(fromTheRight).join("\n")];
}

function fromTheRight(line: readonly Placed[]): string {
  const letters = line.toSorted((a, b) => b.x - a.x).map(({ letter }) => letter);
  return letters.join("").replaceAll(leftToRight, (run) => [...run].reverse().join(""));
}

/** Of head, foot and number. */
const mostEdgeLines = 3;
const mostRoom = 1000; // characters on each side

/**
 * The end of a page and the beginning of the next, without each number of lines that may be head and foot: what goes on
 * over the page is not parted by them.
 */
export function acrossPages(page: string, next: string): string[] {
  const [above, below] = [page, next].map((text) => text.trim().split(/\r\n?|\n/)) as [string[], string[]];
  const counts = Array.from({ length: mostEdgeLines + 1 }, (_, count) => count);
  const ends = counts.map((count) =>
    above
      .slice(0, above.length - count)
      .join("\n")
      .slice(-mostRoom),
  );
  const heads = counts.map((count) => below.slice(count).join("\n").slice(0, mostRoom));
  return ends.flatMap((end) => heads.map((head) => `${end}\n${head}`));
}
