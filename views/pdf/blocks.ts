/** What a document is made of, and how much room each part takes; write.ts puts it on pages. */
import type { Weight } from "./choose.ts";
import type { Fonts, TextNeed } from "./fonts.ts";
import { breakLines, directionOf, needsOf, type Direction, type Line, type Style } from "./lines.ts";
import { placeMark } from "./place-mark.ts";

export { placeMark } from "./place-mark.ts";

/** Structure of a tagged document, ISO 32000-1, 14.8.4. */
export type Role = "H1" | "H2" | "H3" | "P" | "LI";

export interface TextBlock {
  is: "text";
  role: Role;
  text: string;
  /** Points; 10 when it is not said. */
  size?: number;
  weight?: Weight;
  quiet?: boolean;
  bullet?: boolean;
  /** Stands under the words of an item. */
  under?: boolean;
  /** "ltr": addresses and codes, in every language. "auto": foreign text, by its first letter; "own": and set to its own side. */
  dir?: "ltr" | "auto" | "own";
  /** BCP 47 tag, where it is another than the document's. */
  language?: string;
  /** Points of room before and behind it. */
  before?: number;
  after?: number;
  /** Lines that are not torn from what follows. Headings are kept with it anyway. */
  keep?: boolean;
}

/** Squares of a matrix, row by row: a QR code, quiet zone included. */
export type Squares = readonly (readonly boolean[])[];

export type Block =
  | TextBlock
  /** In two columns, equally wide and about equally long; the first stands where lines begin. */
  | { is: "columns"; blocks: readonly Block[]; gap: number }
  /** A framed panel, with a picture where lines end. `alt`: what it shows, in words. */
  | { is: "panel"; blocks: readonly Block[]; picture: { squares: Squares; size: number; alt: string } | null }
  /** A line to write on, with what belongs there. */
  | { is: "field"; label: string; keep: boolean }
  /** Stays with what follows. */
  | { is: "rule"; before?: number; after?: number };

export interface Frame {
  language: string;
  dir: Direction;
  /** Factor of all sizes and distances. */
  scale: number;
  fonts: Fonts;
}

/** Draws at a place; all in points from the top left corner of the page. */
export interface Pen {
  line(line: Line, size: number, x: number, baseline: number, quiet: boolean): void;
  squares(squares: Squares, x: number, y: number, size: number): void;
  rule(x: number, y: number, width: number): void;
  frame(x: number, y: number, width: number, height: number): void;
  bullet(x: number, y: number, radius: number): void;
  /** What `draw` draws is one part of an element of the document's structure. */
  tagged(element: Element, draw: () => void): void;
}

/** One element of the structure; may be drawn in parts, over more than one page. */
export interface Element {
  role: Role | "Figure";
  alt?: string;
  /** What it says, as it is read. */
  text?: string;
  /** BCP 47 tag, where it is another than the document's. */
  language?: string;
}

/** A part that is not torn: a line of text, a panel. */
export interface Piece {
  height: number;
  /** Stays on the page of the next one. */
  keep: boolean;
  /** How many place marks are in it. */
  marks?: number;
  draw(pen: Pen, x: number, y: number): void;
}

const bodySize = 10;
const leading = 1.36;
/** Where the baseline stands in a line: Noto's ascent is a little over one em. */
const baselineAt = 1.03;
const bulletIndent = 11;
const panelPadding = 10;
const pictureGap = 12;
const fieldHeight = 30;

/** `width`: points. */
export function layBlocks(blocks: readonly Block[], width: number, frame: Frame): Piece[] {
  return blocks.flatMap((block) => layBlock(block, width, frame));
}

export function heightOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { height }) => sum + height, 0);
}

function layBlock(block: Block, width: number, frame: Frame): Piece[] {
  switch (block.is) {
    case "text":
      return layText(block, width, frame);
    case "columns":
      return [layColumns(block.blocks, block.gap * frame.scale, width, frame)];
    case "panel":
      return [layPanel(block, width, frame)];
    case "field":
      return [layField(block, width, frame)];
    case "rule": {
      const [before, after] = [(block.before ?? 6) * frame.scale, (block.after ?? 6) * frame.scale];
      const draw = (pen: Pen, x: number, y: number): void => pen.rule(x, y + before, width);
      return [{ height: before + after, keep: true, draw }];
    }
  }
}

const lookOf = ({ weight = "regular", language }: TextBlock, ownLanguage: string) => ({
  weight,
  language: language ?? ownLanguage,
});

/** What laying these blocks asks the fonts for. */
export function needsOfBlocks(blocks: readonly Block[], language: string): TextNeed[] {
  return blocks.flatMap((block) => {
    switch (block.is) {
      case "text":
        return [needsOf(block.text, lookOf(block, language))];
      case "columns":
      case "panel":
        return needsOfBlocks(block.blocks, language);
      case "field":
        return [needsOf(block.label, { weight: "regular", language })];
      case "rule":
        return [];
    }
  });
}

function layText(block: TextBlock, width: number, frame: Frame): Piece[] {
  const { scale } = frame;
  const size = (block.size ?? bodySize) * scale;
  const dir = block.dir === "own" ? directionOf(block.text) : (block.dir ?? frame.dir);
  const rtl = (block.dir === "own" ? dir : frame.dir) === "rtl";
  const style: Style = { ...lookOf(block, frame.language), size, dir, fonts: frame.fonts };
  const indent = block.bullet === true || block.under === true ? bulletIndent * scale : 0;
  const lines = breakLines(block.text, width - indent, style);
  const element: Element = {
    role: block.role,
    text: block.text,
    ...(block.language === undefined ? {} : { language: block.language }),
  };
  const heading = block.role.startsWith("H");
  return lines.map((line, i) => {
    const before = i === 0 ? (block.before ?? 0) * scale : 0;
    const after = i === lines.length - 1 ? (block.after ?? 3) * scale : 0;
    // No line of a paragraph alone on a page: neither its first nor its last.
    const lonely = i === 0 || i === lines.length - 2;
    return {
      height: before + size * leading + after,
      keep: heading || block.keep === true || (lonely && i < lines.length - 1),
      marks: line.text.split(placeMark).length - 1,
      draw(pen, x, y) {
        const baseline = y + before + size * baselineAt;
        pen.tagged(element, () => {
          const laid = line.lay();
          const at = rtl ? x + width - indent - laid.width : x + indent;
          pen.line(laid, size, at, baseline, block.quiet === true);
        });
        if (block.bullet === true && i === 0)
          pen.bullet(rtl ? x + width - indent * 0.35 : x + indent * 0.35, baseline - size * 0.32, size * 0.15);
      },
    };
  });
}

function layColumns(blocks: readonly Block[], gap: number, width: number, frame: Frame): Piece {
  const each = (width - gap) / 2;
  const columns = halves(blocks.map((block) => layBlock(block, each, frame)));
  return {
    height: Math.max(...columns.map(heightOf)),
    keep: false,
    draw(pen, x, y) {
      for (const [i, pieces] of columns.entries()) {
        const place = frame.dir === "rtl" ? 1 - i : i;
        drawAll(pieces, pen, x + place * (each + gap), y);
      }
    },
  };
}

/** Cut where the longer half is as short as can be: between blocks, and not behind one that is kept with the next. */
function halves(blocks: readonly Piece[][]): [Piece[], Piece[]] {
  const heights = blocks.map(heightOf);
  const whole = heights.reduce((sum, height) => sum + height, 0);
  let best = { cut: 0, height: whole };
  let first = 0;
  for (const [i, block] of blocks.entries()) {
    first += heights[i]!;
    const height = Math.max(first, whole - first);
    if (height < best.height && block.at(-1)?.keep !== true) best = { cut: i + 1, height };
  }
  return [blocks.slice(0, best.cut).flat(), blocks.slice(best.cut).flat()];
}

function layPanel(panel: Block & { is: "panel" }, width: number, frame: Frame): Piece {
  const padding = panelPadding * frame.scale;
  const { picture } = panel;
  const size = picture === null ? 0 : picture.size * frame.scale;
  const taken = picture === null ? 0 : size + pictureGap * frame.scale;
  const pieces = layBlocks(panel.blocks, width - 2 * padding - taken, frame);
  const height = Math.max(heightOf(pieces), size) + 2 * padding;
  return {
    height: height + padding * 0.6,
    keep: false,
    draw(pen, x, y) {
      const rtl = frame.dir === "rtl";
      pen.frame(x, y, width, height);
      drawAll(pieces, pen, x + padding + (rtl ? taken : 0), y + padding);
      if (picture === null) return;
      const at = rtl ? x + padding : x + width - padding - size;
      pen.tagged({ role: "Figure", alt: picture.alt }, () => pen.squares(picture.squares, at, y + padding, size));
    },
  };
}

function layField({ label, keep }: Block & { is: "field" }, width: number, frame: Frame): Piece {
  const height = fieldHeight * frame.scale;
  const [line] = layText({ is: "text", role: "P", text: label, size: 9, after: 0, quiet: true }, width, frame);
  return {
    height: height + (line?.height ?? 0),
    keep,
    draw(pen, x, y) {
      pen.rule(x, y + height, width);
      line?.draw(pen, x, y + height);
    },
  };
}

function drawAll(pieces: readonly Piece[], pen: Pen, x: number, y: number): void {
  let at = y;
  for (const piece of pieces) {
    piece.draw(pen, x, at);
    at += piece.height;
  }
}
