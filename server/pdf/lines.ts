/**
 * Text into lines and lines into runs that can be drawn from left to right: where a line may break
 * (UAX #14), which way each part of it runs (UAX #9), and which font has its characters.
 */
import bidiFactory from "bidi-js";
import LineBreaker from "linebreak";
import { faceFor, has, type Face, type Weight } from "./fonts.ts";

export type Direction = "ltr" | "rtl";

export interface Style {
  weight: Weight;
  /** Points. */
  size: number;
  /** Which way the paragraph runs; "auto": as its first letter does. */
  dir: Direction | "auto";
  /** BCP 47 tag: decides between the ways of writing Han characters. */
  language: string;
}

/** One piece of a line in one font and one direction. */
export interface Run {
  /** As the font library wants it. */
  text: string;
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
  lay(): Line;
}

interface Item {
  /** Logical order; brackets turned as their direction asks. */
  text: string;
  face: Face;
  level: number;
}

// Its types are those of a module, what Node loads is CommonJS: the factory itself.
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();
/** Directions, joiners' kin and spaces that must show nothing. The joiners themselves shape letters. */
const unseen = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\p{Cc}]/u;

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
    lines.push({ lay: () => lay(from, to) });
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
  const runs = visualOrder(items).map((item) => runOf(item, style.size));
  return { runs, width: runs.reduce((sum, run) => sum + run.width, 0), text: text.slice(start, end) };
}

/** Uniform in font and level. Spaces and the like stay in the font around them where it has them. */
function itemsOf(text: string, levels: Uint8Array, start: number, end: number, style: Style): Item[] {
  const mirrored = bidi.getMirroredCharactersMap(text, levels, start, Math.max(start, end - 1));
  const items: Item[] = [];
  for (let at = start; at < end;) {
    const raw = String.fromCodePoint(text.codePointAt(at)!);
    const level = levels[at]!;
    const character = mirrored.get(at) ?? raw;
    at += raw.length;
    if (unseen.test(raw)) continue;
    const last = items.at(-1);
    if (last?.level === level && continues(last, character, style)) last.text += character;
    else items.push({ text: character, face: faceFor(character, style.weight, style.language), level });
  }
  return items;
}

/** Marks and joiners belong to the letter before them. */
function continues(last: Item, character: string, style: Style): boolean {
  const codePoint = character.codePointAt(0)!;
  if (/[\p{M}\u200c\u200d]/u.test(character)) return true;
  if (/\s/u.test(character) && has(last.face, codePoint)) return true;
  return faceFor(character, style.weight, style.language) === last.face;
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
function runOf({ text, face, level }: Item, size: number): Run {
  const { direction, advanceWidth } = measure(face, text);
  const isRight = (direction === "rtl") === (level % 2 === 1);
  const width = (advanceWidth * size) / face.font.unitsPerEm;
  return { text: isRight ? text : [...text].reverse().join(""), face, width };
}

interface Measure {
  direction: string;
  advanceWidth: number;
}

const mostMeasured = 20_000;
const measured = new Map<string, Measure>();

function measure(face: Face, text: string): Measure {
  const key = `${face.name} ${text}`;
  const known = measured.get(key);
  if (known !== undefined) return known;
  if (measured.size >= mostMeasured) measured.clear();
  const { direction, advanceWidth } = face.font.layout(text, []);
  const made = { direction, advanceWidth };
  measured.set(key, made);
  return made;
}
