/**
 * Text into lines and lines into runs that can be drawn from left to right: where a line may break
 * (UAX #14), which way each part of it runs (UAX #9), and which font has its characters.
 */
import bidiFactory from "bidi-js";
import LineBreaker from "linebreak";
import { clustersOf, type Weight } from "./choose.ts";
import type { Face, Fonts, TextNeed } from "./fonts.ts";

export type Direction = "ltr" | "rtl";

export interface Style {
  weight: Weight;
  /** Points. */
  size: number;
  /** Which way the paragraph runs; "auto": as its first letter does. */
  dir: Direction | "auto";
  /** BCP 47 tag: decides between the ways of writing Han characters. */
  language: string;
  /** Must have loaded what `needsOf` says. */
  fonts: Fonts;
}

/** What is drawn as one: a letter with its marks, joined emoji. */
export interface Cluster {
  /** To draw; a bracket turned as its direction asks. */
  text: string;
  /** What it is read as: what was typed, or what stands in for it. */
  said: string;
}

/** One piece of a line in one font and one direction. */
export interface Run {
  /** As the font library wants it. */
  text: string;
  /** In the order of reading. */
  clusters: readonly Cluster[];
  /** Read from right to left. */
  isRight: boolean;
  face: Face;
  /** Points. */
  width: number;
}

export interface Line {
  /** From left to right. */
  runs: Run[];
  width: number;
  /** What it says, in the order in which it is read. */
  text: string;
}

/** Of the width: from here on a line is measured as a whole. */
const nearly = 0.93;

/** Where a line begins and ends is known before it is laid out: how high a text is needs no more. */
export interface BrokenLine {
  text: string;
  lay(): Line;
}

interface Item {
  /** In the order of reading. */
  clusters: Cluster[];
  face: Face;
  level: number;
}

// Its types are those of a module, what Node loads is CommonJS: the factory itself.
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();

/** What `breakLines` will ask the fonts for, brackets turned or not. */
export function needsOf(text: string, { weight, language }: Pick<Style, "weight" | "language">): TextNeed {
  // Characters alone too: a line may begin with a mark, and what no font has as a whole is drawn in parts.
  const characters = new Set(text);
  const turned = [...characters].flatMap((character) => bidi.getMirroredCharacter(character) ?? []);
  return { clusters: [...clustersOf(text), ...characters, ...turned], weight, language };
}

/** Which way a text runs by its first letter. */
export function directionOf(text: string): Direction {
  const [first] = bidi.getEmbeddingLevels(text, "auto").paragraphs;
  return (first?.level ?? 0) % 2 === 1 ? "rtl" : "ltr";
}

/** `width`: points. An empty text is one empty line. */
export function breakLines(text: string, width: number, style: Style): BrokenLine[] {
  const { levels } = bidi.getEmbeddingLevels(text, style.dir);
  const lay = (start: number, end: number): Line => layLine(text, levels, start, end, style);
  const lines: BrokenLine[] = [];
  let start = 0;
  let used = 0;
  let before = 0;
  const close = (end: number): void => {
    const from = start;
    const to = start + text.slice(start, end).trimEnd().length;
    lines.push({ text: text.slice(from, to), lay: () => lay(from, to) });
    start = end;
    used = 0;
  };
  for (const { end, required } of breakPoints(text, style.language)) {
    const bare = before + text.slice(before, end).trimEnd().length;
    if (before > start && isTooWide(used + lay(before, bare).width, bare)) close(before);
    if (before === start && lay(start, bare).width > width) {
      // A part that is wider than the line, an address say, breaks anywhere.
      for (const cut of cutsOf(start, bare)) close(cut);
      before = start;
    }
    used += lay(before, end).width;
    before = end;
    if (required) close(end);
  }
  if (start < text.length || lines.length === 0) close(text.length);
  return lines;

  /** `sum`: of the widths of its parts, which letters that are set closer across parts make a little wrong. */
  function isTooWide(sum: number, end: number): boolean {
    return sum > width || (sum > width * nearly && lay(start, end).width > width);
  }

  function cutsOf(from: number, to: number): number[] {
    const cuts: number[] = [];
    let room = width;
    for (const { index, segment } of new Intl.Segmenter(style.language).segment(text.slice(from, to))) {
      const wide = lay(from + index, from + index + segment.length).width;
      if (wide > room && index > 0) {
        cuts.push(from + index);
        room = width;
      }
      room -= wide;
    }
    return cuts;
  }
}

/** Korean is written with spaces and read by words, whatever the standard allows: as "word-break: keep-all" does. */
const betweenSyllables = /^\p{scx=Hangul}\p{scx=Hangul}$/u;

function breakPoints(text: string, language: string): { end: number; required: boolean }[] {
  const breaker = new LineBreaker(text);
  const points: { end: number; required: boolean }[] = [];
  for (let point = breaker.nextBreak(); point !== null; point = breaker.nextBreak()) {
    const { position, required } = point;
    if (language.startsWith("ko") && betweenSyllables.test(text.slice(position - 1, position + 1))) continue;
    points.push({ end: position, required: required && position < text.length });
  }
  return points;
}

function layLine(text: string, levels: Uint8Array, start: number, end: number, style: Style): Line {
  const items = itemsOf(text, levels, start, end, style);
  const runs = visualOrder(items).map((item) => runOf(item, style));
  return { runs, width: runs.reduce((sum, run) => sum + run.width, 0), text: text.slice(start, end) };
}

/** Uniform in font and level. Spaces stay in the font before them where it has them. */
function itemsOf(text: string, levels: Uint8Array, start: number, end: number, style: Style): Item[] {
  const mirrored = bidi.getMirroredCharactersMap(text, levels, start, Math.max(start, end - 1));
  const items: Item[] = [];
  let at = start;
  for (const said of clustersOf(text.slice(start, end))) {
    const level = levels[at]!;
    const cluster = mirrored.get(at) ?? said;
    at += said.length;
    const last = items.at(-1);
    if (cluster === " " && last?.level === level && last.face.hasSpace) last.clusters.push({ text: " ", said });
    else {
      const drawn = style.fonts.place(cluster, style.weight, style.language);
      // In parts, what was typed is what is drawn: marks that no font sets above the letter stand beside it.
      for (const { face, text, isStandIn } of drawn)
        add(items, face, { text, said: isStandIn || drawn.length > 1 ? text : said }, level);
    }
  }
  return items;
}

function add(items: Item[], face: Face, cluster: Cluster, level: number): void {
  const last = items.at(-1);
  if (last?.level === level && last.face === face) last.clusters.push(cluster);
  else items.push({ clusters: [cluster], face, level });
}

/** UAX #9, L2: from the highest level to the lowest odd one, every sequence at that level or above is turned. */
function visualOrder(items: readonly Item[]): Item[] {
  const order = [...items];
  const highest = Math.max(0, ...items.map(({ level }) => level));
  for (let level = highest; level > 0; level--)
    for (let i = 0; i < order.length; i++) {
      let end = i;
      while (end < order.length && order[end]!.level >= level) end++;
      if (end > i) order.splice(i, end - i, ...order.slice(i, end).reverse());
      i = end;
    }
  return order;
}

/** The font library turns what it takes for right-to-left by its script, digits too; what it gets wrong is turned before. */
function runOf({ clusters, face, level }: Item, { size, fonts }: Style): Run {
  const drawn = clusters.map(({ text }) => text);
  const { direction, advanceWidth } = fonts.measure(face, drawn.join(""));
  const isRight = level % 2 === 1;
  const text = (direction === "rtl") === isRight ? drawn.join("") : drawn.toReversed().join("");
  const width = (advanceWidth * size) / face.font.unitsPerEm;
  return { text, clusters, isRight, face, width };
}
