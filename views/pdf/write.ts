/**
 * PDF documents: blocks on pages, fonts embedded as far as they are used, tagged for screen readers,
 * the same bytes for the same content. Says nothing of who made it or when it was made.
 */
import { PortalError } from "../../crypto/errors.ts";
import { heightOf, layBlocks, needsOfBlocks, type Block, type Frame, type Piece } from "./blocks.ts";
import type { Weight } from "./choose.ts";
import type { Fonts } from "./fonts.ts";
import { needsOf, type Direction } from "./lines.ts";
import { Writer } from "./writer.ts";

/** Points. */
export const papers = { a4: [595.28, 841.89], letter: [612, 792] } as const;
export type Paper = keyof typeof papers;

export interface PdfOrder {
  title: string;
  /** BCP 47 tag, and which way it runs. */
  language: string;
  dir: Direction;
  paper: Paper;
  /** YYYY-MM-DD, the day that the file says it was made on. */
  day: string;
  /** Tried in turn until one fits on a page, each as large as it can be; "flow": the first, on as many as it takes. */
  fit: "page" | "flow";
  variants: readonly (readonly Block[])[];
  /** At the foot of each page; `{page}` and `{pages}` stand for their numbers. */
  foot: string;
  /** At the head of each page. */
  head?: string;
  /** Numbers that go on from document to document, where the foot's line ends. */
  series?: Series;
}

/** "TH" and 6 digits: TH000001 and so on. */
export interface Series {
  prefix: string;
  digits: number;
  /** Of the document's first page. */
  first: number;
}

export interface WrittenPdf {
  bytes: Uint8Array<ArrayBuffer>;
  pages: number;
  /** Of each place mark, in order: the page that it stands on, from 1. */
  marks: number[];
}

/** Points. */
export const margin = 42;
const footRoom = 22;
const largest = 1.3;
/** Of 10 points: smaller is not a poster any more. */
const least = 0.68;
const step = 0.02;

/** Loads the fonts that it needs. @throws PortalError "large" when no variant fits on a page */
export async function writePdf(order: PdfOrder, fonts: Fonts): Promise<WrittenPdf> {
  const pages = await layPages(order, fonts);
  const { title, language, day } = order;
  const writer = new Writer({ title, language, day, size: papers[order.paper] }, fonts);
  for (const [i, pieces] of pages.entries()) {
    writer.page(pieces, margin);
    for (const [piece, y] of edges(order, fonts, i + 1, pages.length)) writer.artifact(piece, margin, y);
  }
  const marks = pages.flatMap((pieces, i) => pieces.flatMap((piece) => Array<number>(piece.marks ?? 0).fill(i + 1)));
  return { bytes: await writer.end(), pages: pages.length, marks };
}

/** How many pages `writePdf` will write, without writing them. @throws PortalError "large" as `writePdf` does */
export async function countPages(order: PdfOrder, fonts: Fonts): Promise<number> {
  return (await layPages(order, fonts)).length;
}

/** The number of a page in its series. @throws PortalError "large" when it has more digits than the series */
export function seriesNumber({ prefix, digits, first }: Series, page: number): string {
  const number = String(first + page - 1);
  if (number.length > digits) throw new PortalError("large", "the numbers of the series are used up");
  return `${prefix}${number.padStart(digits, "0")}`;
}

async function layPages(order: PdfOrder, fonts: Fonts): Promise<Piece[][]> {
  const { language } = order;
  const around = edgeTexts(order, 1, 1).map(({ text, weight }) => needsOf(text, { weight, language }));
  await fonts.load([...order.variants.flatMap((blocks) => needsOfBlocks(blocks, language)), ...around]);
  const [width, height] = papers[order.paper];
  const inner = { width: width - 2 * margin, height: height - 2 * margin - footRoom };
  return order.fit === "page" ? [fitted(order, inner, fonts)] : flowed(order, inner, fonts);
}

interface EdgeText {
  text: string;
  weight: Weight;
  at: "head" | "foot" | "number";
}

/** What stands around the content of a page. The fonts that page 1 needs have the digits of all. */
function edgeTexts({ head = "", foot, series }: PdfOrder, page: number, pages: number): EdgeText[] {
  const numbered = foot.replace("{page}", String(page)).replace("{pages}", String(pages));
  const texts: EdgeText[] = [
    { text: head, weight: "bold", at: "head" },
    { text: numbered, weight: "regular", at: "foot" },
    { text: series === undefined ? "" : seriesNumber(series, page), weight: "bold", at: "number" },
  ];
  return texts.filter(({ text }) => text !== "");
}

/** Each with its distance from the top of the page. */
function edges(order: PdfOrder, fonts: Fonts, page: number, pages: number): [Piece, number][] {
  const [width, height] = papers[order.paper];
  const { language, dir } = order;
  return edgeTexts(order, page, pages).map(({ text, weight, at }) => {
    // Numbers stand at the other end of the foot's line, whichever way the document runs.
    const across = dir === "rtl" ? ("ltr" as const) : ("rtl" as const);
    const frame: Frame = { language, dir: at === "number" ? across : dir, scale: 1, fonts };
    const block: Block = { is: "text", role: "P", text, size: at === "number" ? 9 : 8, weight, quiet: at === "foot" };
    const [piece] = layBlocks([at === "number" ? { ...block, dir: "ltr" } : block], width - 2 * margin, frame);
    return [piece!, at === "head" ? margin - 18 : height - margin - 8];
  });
}

interface Room {
  width: number;
  height: number;
}

function fitted({ variants, language, dir }: PdfOrder, room: Room, fonts: Fonts): Piece[] {
  for (const blocks of variants) {
    const at = (steps: number): Piece[] => layBlocks(blocks, room.width, frameAt(largest - steps * step));
    let [good, bad] = [Math.floor((largest - least) / step), -1];
    if (heightOf(at(good)) > room.height) continue;
    while (good - bad > 1) {
      const middle = Math.floor((good + bad) / 2);
      if (heightOf(at(middle)) <= room.height) good = middle;
      else bad = middle;
    }
    return at(good);
  }
  throw new PortalError("large", "it does not fit on a page");

  function frameAt(scale: number): Frame {
    return { language, dir, scale, fonts };
  }
}

/** Pieces that belong together go to the next page together, as long as a page can hold them. */
function flowed({ variants, language, dir }: PdfOrder, room: Room, fonts: Fonts): Piece[][] {
  const pages: Piece[][] = [[]];
  let used = 0;
  for (const group of groupsOf(layBlocks(variants[0] ?? [], room.width, { language, dir, scale: 1, fonts }))) {
    const height = heightOf(group);
    for (const pieces of height > room.height ? group.map((piece) => [piece]) : [group]) {
      const needed = heightOf(pieces);
      if (used + needed > room.height && used > 0) {
        pages.push([]);
        used = 0;
      }
      pages.at(-1)!.push(...pieces);
      used += needed;
    }
  }
  return pages;
}

function groupsOf(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let open = false;
  for (const piece of pieces) {
    if (open) groups.at(-1)!.push(piece);
    else groups.push([piece]);
    open = piece.keep;
  }
  return groups;
}
