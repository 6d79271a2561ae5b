/** Draws pages with the library that writes PDFs; nothing else here imports it. */
import { zlibSync } from "fflate";
import PdfKit from "pdfkit";
import { concat } from "../../crypto/bytes.ts";
import type { Element, Pen, Piece } from "./blocks.ts";
import type { Face, Fonts } from "./fonts.ts";
import type { Line, Run } from "./lines.ts";
import { decimal, EmbeddedFont, showing, type Subset } from "./embedded.ts";
import { spell } from "./spell.ts";

const ink = "#14191f";
const quietInk = "#4e5b67";
const lineInk = "#7d8a94";

/** What is said of a document as a whole. */
export interface About {
  title: string;
  /** BCP 47 tag. */
  language: string;
  /** YYYY-MM-DD */
  day: string;
  /** Points: width and height of each page. */
  size: readonly [number, number];
}

/** What we use of the library's stream of an object, which its types do not tell of. */
interface Stream {
  buffer: Uint8Array[];
  data: Record<string, unknown>;
  finalize(): void;
}

class Packed extends PdfKit {
  /** The library packs with whatever its platform has, which gives other bytes on the server than in a browser. */
  override ref(data: object): PDFKit.PDFKitReference {
    const made = super.ref(data);
    const stream = made as unknown as Stream;
    const finalize = stream.finalize.bind(stream);
    stream.finalize = () => {
      if (stream.buffer.length > 0) {
        stream.buffer = [zlibSync(concat(...stream.buffer))];
        stream.data["Filter"] = "FlateDecode";
      }
      finalize();
    };
    return made;
  }
}

export class Writer {
  readonly #doc: PDFKit.PDFDocument;
  readonly #fonts: Fonts;
  readonly #bytes: Promise<Uint8Array<ArrayBuffer>>;
  readonly #root: PDFKit.PDFStructureElement;
  readonly #elements = new Map<Element, PDFKit.PDFStructureElement>();
  /** Ended at the very end: an item may go on on the next page. */
  readonly #items: PDFKit.PDFStructureElement[] = [];
  readonly #lists: PDFKit.PDFStructureElement[] = [];
  #list: PDFKit.PDFStructureElement | null = null;
  readonly #embedded = new Map<Face, EmbeddedFont>();

  constructor({ title, language, day, size }: About, fonts: Fonts) {
    const date = new Date(`${day}T00:00:00Z`);
    this.#fonts = fonts;
    this.#doc = new Packed({
      size: [...size],
      margin: 0,
      autoFirstPage: false,
      pdfVersion: "1.7",
      tagged: true,
      displayTitle: true,
      lang: language,
      compress: false, // see `ref`
      font: null as unknown as string, // none of the fonts that are not embedded
      info: { Title: title, Producer: "Tellhaven", Creator: "Tellhaven", CreationDate: date, ModDate: date },
    });
    this.#bytes = collect(this.#doc);
    this.#root = this.#doc.struct("Document");
    this.#doc.addStructure(this.#root);
  }

  /** A new page. `margin`: points, to the left of the pieces and above them. */
  page(pieces: readonly Piece[], margin: number): void {
    this.#doc.addPage();
    const pen = this.#pen();
    let y = margin;
    for (const piece of pieces) {
      piece.draw(pen, margin, y);
      y += piece.height;
    }
  }

  /** On the page that was begun last, and not part of what is read: a page's number, say. */
  artifact(piece: Piece, x: number, y: number): void {
    piece.draw({ ...this.#pen(), tagged: (_element, draw) => this.#artifact(draw) }, x, y);
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
      ...(element.language === undefined ? {} : { lang: element.language }),
      ...(element.text === undefined ? {} : { actual: element.text.replace(/[\u2063\u2066-\u2069]/g, "") }),
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
      this.#run(run, size, at, baseline);
      at += run.width;
    }
  }

  /** The library's own way shapes the text once more, and says of a glyph what it stood for at first, wherever it stands. */
  #run(run: Run, size: number, x: number, baseline: number): void {
    const doc = this.#doc;
    const font = this.#embed(run.face);
    (doc.page as unknown as { fonts: Record<string, unknown> }).fonts[font.name] ??= font.reference;
    // The page's coordinates run downwards: letters are turned back.
    doc.addContent(`BT 1 0 0 -1 ${decimal(x)} ${decimal(baseline)} Tm /${font.name} ${decimal(size)} Tf`);
    const { glyphs } = this.#fonts.measure(run.face, run.text);
    const read = { texts: spell(run, this.#fonts), isRight: run.isRight };
    for (const operator of showing(glyphs, read, font, size)) doc.addContent(operator);
    doc.addContent("ET");
  }

  #embed(face: Face): EmbeddedFont {
    const known = this.#embedded.get(face);
    if (known !== undefined) return known;
    // The library takes a font that was read already, and keeps what it embeds; its types do not know.
    this.#doc.registerFont(face.name, face.font as unknown as Uint8Array).font(face.name);
    const made = new EmbeddedFont((this.#doc as unknown as { _font: Subset })._font, face);
    this.#embedded.set(face, made);
    return made;
  }

  end(): Promise<Uint8Array<ArrayBuffer>> {
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

function collect(doc: PDFKit.PDFDocument): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    doc.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    doc.on("end", () => resolve(concat(...chunks)));
    doc.on("error", reject);
  });
}
