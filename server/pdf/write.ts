/**
 * PDF documents: blocks on pages, fonts embedded as far as they are used, tagged for screen readers,
 * the same bytes for the same content. Says nothing of who made it or when it was made.
 */
import { createHash } from "node:crypto";
import PdfKit from "pdfkit";
import { PortalError } from "../../crypto/errors.ts";
import { heightOf, layBlocks, type Block, type Element, type Frame, type Pen, type Piece } from "./blocks.ts";
import type { Direction, Line } from "./lines.ts";

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
}

const margin = 42;
const footRoom = 22;
const largest = 1.3;
/** Of 10 points: smaller is not a poster any more. */
const least = 0.68;
const step = 0.02;
const ink = "#14191f";
const quietInk = "#4e5b67";
const lineInk = "#7d8a94";

/** @throws PortalError "large" when no variant fits on a page */
export async function writePdf(order: PdfOrder): Promise<Buffer> {
  const [width, height] = papers[order.paper];
  const inner = { width: width - 2 * margin, height: height - 2 * margin - footRoom };
  const pages = order.fit === "page" ? [fitted(order, inner)] : flowed(order, inner);
  const writer = new Writer(order, [width, height]);
  for (const [i, pieces] of pages.entries()) writer.page(pieces, order.foot, i + 1, pages.length);
  return writer.end();
}

interface Room {
  width: number;
  height: number;
}

function fitted({ variants, language, dir }: PdfOrder, room: Room): Piece[] {
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
    return { language, dir, scale };
  }
}

/** Pieces that belong together go to the next page together, as long as a page can hold them. */
function flowed({ variants, language, dir }: PdfOrder, room: Room): Piece[][] {
  const pages: Piece[][] = [[]];
  let used = 0;
  for (const group of groupsOf(layBlocks(variants[0] ?? [], room.width, { language, dir, scale: 1 }))) {
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

/** The library shapes every text twice more only to know where the next would begin. Each of ours says where it begins. */
class PlacedText extends PdfKit {
  override widthOfString(): number {
    return 0;
  }
}

class Writer {
  readonly #doc: PDFKit.PDFDocument;
  readonly #order: PdfOrder;
  readonly #size: readonly [number, number];
  readonly #bytes: Promise<Buffer>;
  readonly #root: PDFKit.PDFStructureElement;
  readonly #elements = new Map<Element, PDFKit.PDFStructureElement>();
  /** Ended at the very end: an item may go on on the next page. */
  readonly #items: PDFKit.PDFStructureElement[] = [];
  readonly #lists: PDFKit.PDFStructureElement[] = [];
  #list: PDFKit.PDFStructureElement | null = null;
  readonly #named = new Set<string>();

  constructor(order: PdfOrder, size: readonly [number, number]) {
    const date = new Date(`${order.day}T00:00:00Z`);
    this.#order = order;
    this.#size = size;
    this.#doc = new PlacedText({
      size: [...size],
      margin: 0,
      autoFirstPage: false,
      pdfVersion: "1.7",
      tagged: true,
      displayTitle: true,
      lang: order.language,
      info: { Title: order.title, Producer: "Tellhaven", Creator: "Tellhaven", CreationDate: date, ModDate: date },
    });
    this.#bytes = collect(this.#doc);
    this.#root = this.#doc.struct("Document");
    this.#doc.addStructure(this.#root);
  }

  page(pieces: readonly Piece[], foot: string, number: number, of: number): void {
    this.#doc.addPage();
    const pen = this.#pen();
    let y = margin;
    for (const piece of pieces) {
      piece.draw(pen, margin, y);
      y += piece.height;
    }
    if (foot !== "") this.#foot(foot.replace("{page}", String(number)).replace("{pages}", String(of)));
  }

  #foot(text: string): void {
    const [width, height] = this.#size;
    const { language, dir } = this.#order;
    const [line] = layBlocks([{ is: "text", role: "P", text, size: 8, quiet: true }], width - 2 * margin, {
      language,
      dir,
      scale: 1,
    });
    // Not part of what is read: the same on every page.
    const artifact = { ...this.#pen(), tagged: (_element: Element, draw: () => void) => this.#artifact(draw) };
    line?.draw(artifact, margin, height - margin - 8);
  }

  #artifact(draw: () => void): void {
    this.#doc.markContent("Artifact", { type: "Layout" });
    draw();
    this.#doc.endMarkedContent();
  }

  #pen(): Pen {
    const doc = this.#doc;
    return {
      line: (line, size, x, baseline, quiet) => this.#line(line, size, x, baseline, quiet),
      squares(squares, x, y, size) {
        const unit = size / squares.length;
        doc.rect(x, y, size, size).fill("#ffffff");
        for (const [row, cells] of squares.entries())
          for (const [from, to] of stretches(cells))
            doc.rect(x + from * unit, y + row * unit, (to - from) * unit, unit);
        doc.fill("#000000");
      },
      rule: (x, y, width) =>
        this.#artifact(() => {
          doc
            .moveTo(x, y)
            .lineTo(x + width, y)
            .lineWidth(0.6)
            .stroke(lineInk);
        }),
      frame: (x, y, width, height) =>
        this.#artifact(() => void doc.roundedRect(x, y, width, height, 4).lineWidth(1.2).stroke(ink)),
      bullet: (x, y, radius) => this.#artifact(() => void doc.circle(x, y, radius).fill(ink)),
      tagged: (element, draw) => {
        const content = doc.markStructureContent(element.role === "LI" ? "LBody" : element.role);
        this.#elementFor(element).add(content);
        draw();
        doc.endMarkedContent();
      },
    };
  }

  /** The reading order is the order in which elements come first. */
  #elementFor(element: Element): PDFKit.PDFStructureElement {
    const known = this.#elements.get(element);
    if (known !== undefined) return known;
    const options = {
      ...(element.alt === undefined ? {} : { alt: element.alt }),
      ...(element.text === undefined ? {} : { actual: element.text.replace(/[\u2066-\u2069]/g, "") }),
    };
    const made = this.#doc.struct(element.role === "LI" ? "LBody" : element.role, options);
    if (element.role === "LI") this.#listItem().add(made);
    else {
      this.#endList();
      this.#root.add(made);
    }
    this.#elements.set(element, made);
    return made;
  }

  #listItem(): PDFKit.PDFStructureElement {
    if (this.#list === null) {
      this.#list = this.#doc.struct("L");
      this.#root.add(this.#list);
    }
    const item = this.#doc.struct("LI");
    this.#list.add(item);
    this.#items.push(item);
    return item;
  }

  #endList(): void {
    if (this.#list !== null) this.#lists.push(this.#list);
    this.#list = null;
  }

  #line(line: Line, size: number, x: number, baseline: number, quiet: boolean): void {
    const doc = this.#doc;
    doc.fillColor(quiet ? quietInk : ink);
    let at = x;
    for (const run of line.runs) {
      if (!this.#named.has(run.face.name)) {
        doc.registerFont(run.face.name, run.face.bytes);
        this.#named.add(run.face.name);
      }
      // An empty list of features keeps the library from laying out word by word, left to right.
      doc
        .font(run.face.name)
        .fontSize(size)
        .text(run.text, at, baseline, { lineBreak: false, baseline: "alphabetic", features: [] });
      at += run.width;
    }
  }

  end(): Promise<Buffer> {
    this.#endList();
    for (const element of [...this.#elements.values(), ...this.#items, ...this.#lists, this.#root]) element.end();
    this.#doc.end();
    return this.#bytes;
  }
}

/** From each first dark square of a row to the first light one behind it. */
function stretches(cells: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  for (const [i, dark] of cells.entries()) {
    const last = found.at(-1);
    if (!dark) continue;
    if (last?.[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  }
  return found;
}

function collect(doc: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    doc.on("data", (chunk: Buffer) => chunks.push(chunk));
    doc.on("end", () => resolve(Buffer.concat(chunks)));
    doc.on("error", reject);
  });
}

/** Names an order by all that decides about its bytes. */
export function orderName(order: PdfOrder): string {
  return createHash("sha256").update(JSON.stringify(order)).digest("hex");
}
