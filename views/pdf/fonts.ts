/** The fonts that documents are made with: read when a document first needs them, measured, kept. */
import { create, type Font } from "fontkit";
import { choose, fileOf, type Weight } from "./choose.ts";
import { sfntOf } from "./woff.ts";

/** Where font files come from: the server's disk, or in a browser our own origin. */
export interface FontSource {
  /** The WOFF file of this name, such as "noto-sans-latin-400-normal.woff", byte for byte. */
  read(name: string): Promise<Uint8Array>;
}

/** One font file, as the layout measures it and as the document embeds it. */
export interface Face {
  /** Its name within a document. */
  name: string;
  font: Font;
  /** Has a space of usual width: that of emoji is as wide as they are, and programs would take it for two columns. */
  hasSpace: boolean;
}

/** Characters to draw in one face. */
export interface Drawn {
  face: Face;
  text: string;
  /** As in choose.ts. */
  isStandIn: boolean;
}

/** A text as the layout will meet it. */
export interface TextNeed {
  /** Each drawn as one; see choose.ts. */
  clusters: Iterable<string>;
  weight: Weight;
  /** BCP 47 tag: decides between the ways of writing Han characters. */
  language: string;
}

export interface Measure {
  /** Which way the library takes the text to run. */
  direction: string;
  /** In units of the font. */
  advanceWidth: number;
  /** From left to right. */
  glyphs: readonly PlacedGlyph[];
}

/** Distances in units of the font. */
export interface PlacedGlyph {
  id: number;
  /** The characters that the font library takes it for. */
  text: string;
  /** Its own width, and how far it is to the next glyph. */
  width: number;
  advance: number;
  /** From where it would stand, to the right and upwards. */
  right: number;
  up: number;
}

/** Glyphs. Words are measured again and again; forgotten all at once. */
const mostMeasured = 200_000;

export class Fonts {
  readonly #source: FontSource;
  /** By file name. */
  readonly #faces = new Map<string, Promise<Face>>();
  readonly #loaded = new Map<string, Face>();
  readonly #measured = new Map<string, Measure>();
  #measuredGlyphs = 0;

  constructor(source: FontSource) {
    this.#source = source;
  }

  /** Reads the fonts that these texts need and that are not there yet. @throws what the source throws, PortalError "format" */
  async load(needs: Iterable<TextNeed>): Promise<void> {
    const names = new Set<string>();
    for (const { clusters, weight, language } of needs)
      for (const cluster of new Set(clusters))
        for (const { cut } of choose(cluster, language)) names.add(fileOf(cut, weight));
    await Promise.all([...names].map((name) => this.#read(name)));
  }

  #read(name: string): Promise<Face> {
    const known = this.#faces.get(name);
    if (known !== undefined) return known;
    const reading = this.#source.read(name).then((woff) => {
      const font = withoutMemory(create(sfntOf(woff) as Buffer) as Font);
      const face = { name: name.replace(/-normal\.woff$/, ""), font, hasSpace: spaceOf(font) < 0.4 };
      this.#loaded.set(name, face);
      return face;
    });
    this.#faces.set(name, reading);
    // What failed is tried again for the next document.
    reading.catch(() => this.#faces.delete(name));
    return reading;
  }

  /** What is drawn for a cluster of a text that was loaded. */
  place(cluster: string, weight: Weight, language: string): Drawn[] {
    return choose(cluster, language).map(({ cut, text, isStandIn }) => {
      const face = this.#loaded.get(fileOf(cut, weight));
      if (face === undefined) throw new Error(`${fileOf(cut, weight)} is needed and was not loaded`);
      return { face, text, isStandIn };
    });
  }

  measure(face: Face, text: string): Measure {
    const key = `${face.name} ${text}`;
    const known = this.#measured.get(key);
    if (known !== undefined) return known;
    if (this.#measuredGlyphs >= mostMeasured) {
      this.#measured.clear();
      this.#measuredGlyphs = 0;
    }
    const { direction, advanceWidth, glyphs, positions } = face.font.layout(text, []);
    const placed = glyphs.map(({ id, codePoints, advanceWidth: width }, i): PlacedGlyph => {
      const { xAdvance: advance, xOffset: right, yOffset: up } = positions[i]!;
      return { id, text: String.fromCodePoint(...codePoints), width, advance, right, up };
    });
    const made = { direction, advanceWidth, glyphs: placed };
    this.#measured.set(key, made);
    this.#measuredGlyphs += placed.length;
    return made;
  }
}

/**
 * The library keeps one object for each glyph, with the characters that it was first asked for. A letter that looks
 * like another one would be taken for it, depending on what was written before it.
 */
function withoutMemory(font: Font): Font {
  const kept = font.getGlyph.bind(font);
  const made = new Map<number | string, Glyph>();
  font.getGlyph = (id, codePoints = []) => {
    const [only] = codePoints;
    const key = codePoints.length === 1 ? id * 0x110000 + only! : `${String(id)} ${codePoints.join(" ")}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const glyph = Object.create(kept(id), {
      codePoints: { value: codePoints },
      isMark: { value: codePoints.length > 0 && codePoints.every((each) => mark.test(String.fromCodePoint(each))) },
      isLigature: { value: codePoints.length > 1 },
    }) as Glyph;
    made.set(key, glyph);
    return glyph;
  };
  return font;
}

type Glyph = ReturnType<Font["getGlyph"]>;
const mark = /^\p{M}$/u;

/** Width of a space, of the font's size. */
function spaceOf(font: Font): number {
  return font.hasGlyphForCodePoint(0x20) ? font.glyphForCodePoint(0x20).advanceWidth / font.unitsPerEm : Infinity;
}

/** Every code point that a WOFF file has a glyph for. @throws PortalError "format" */
export function charactersOf(woff: Uint8Array): number[] {
  return (create(sfntOf(woff) as Buffer) as Font).characterSet;
}
