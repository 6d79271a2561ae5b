/**
 * One file of a finished case file, searched for every redacted text: as bytes, as text in each way it may be meant, and
 * inside, as far as it can be opened. What cannot be searched is told. Runs in a worker without keys: it parses what
 * strangers sent.
 */
import { findIn, findInBytes, lineOf, type Needles, type Sight } from "../leaks.ts";
import { inflatedStreams, unzip } from "./archives.ts";
import { TooLarge, type Budget } from "./bounds.ts";
import { carriedIn } from "./carried.ts";
import { isText, kindOfFile, readings, wideOf, type Kind, type Wide } from "./decode.ts";
import { layersOf } from "./layers.ts";
import type { PdfReader } from "./pdf-text.ts";
import { peek, windowsOf, type Window } from "./windows.ts";

/** Where in a file. Lines and pages count from 1. */
export type Where =
  | { is: "name" }
  | { is: "line"; line: number }
  | { is: "page"; page: number }
  /** Notes, titles, fields and bookmarks of a PDF. */
  | { is: "about" }
  | { is: "byte"; offset: number };

/** Holds no redacted words, but names of inner files may: for the screen, never for a log or a message. */
export interface Finding extends Omit<Sight, "at"> {
  /** Within the case file. */
  path: string;
  /** Names of the files inside which it lies, outermost first. */
  inside: readonly string[];
  where: Where;
}

/**
 * Picture and sound: what is seen and heard. Locked: a password is wanted. Large: more than is held or unpacked at once.
 * Nested: too many files within files. Kind: no text, and nothing that can be opened; what stands in it plainly was found.
 */
export type Why = "picture" | "sound" | "locked" | "damaged" | "large" | "nested" | "slow" | "kind";

export interface Unsearched {
  path: string;
  inside: readonly string[];
  why: Why;
  /** Of a PDF, from 1; empty: the whole file. */
  pages: readonly number[];
}

export interface Searched {
  found: Finding[];
  unsearched: Unsearched[];
}

export interface Openers {
  pdf: PdfReader;
}

const headBytes = 1 << 16;
/** Bytes of a file that is opened as a whole. */
const mostHeld = 256 << 20;
const mostText = 64 << 20;
/** Bytes of all that is unpacked from one file, and how many files. */
const mostUnpacked = 256 << 20;
const mostFiles = 20_000;
const deepest = 3;

interface Place {
  inside: readonly string[];
  /** Offset of a stream within its file, for which bytes and lines say nothing. */
  offset?: number;
}

/**
 * `size`: bytes, as far as it is known. Reads `bytes` once and to the end, with flat memory but for files that have to
 * be opened (at most 256 MB). `openers` null: nothing is opened. @throws what `bytes` throws
 */
export async function searchFile(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  size: number,
  needles: Needles,
  openers: Openers | null,
): Promise<Searched> {
  const search = new Search(path, needles, openers);
  await search.file(bytes, size, { inside: [] }, path);
  return { found: withoutEchoes(search.found), unsearched: search.unsearched };
}

/** Where all of a redaction stands, its parts go without saying; and so do bytes of an archive whose file is named. */
function withoutEchoes(found: readonly Finding[]): Finding[] {
  const isInside = (inner: Finding, outer: Finding): boolean =>
    inner.inside.length > outer.inside.length && outer.inside.every((name, i) => name === inner.inside[i]);
  const isSame = (a: Finding, b: Finding): boolean =>
    a.needle === b.needle && a.inside.join("\n") === b.inside.join("\n");
  return found.filter((finding) => {
    if (finding.is === "remark") return !found.some((other) => other.is === "leak" && isSame(other, finding));
    return (
      finding.where.is !== "byte" || !found.some((other) => other.needle === finding.needle && isInside(other, finding))
    );
  });
}

/** Where somebody finds it again soonest. */
const clearness: readonly Where["is"][] = ["byte", "about", "name", "line", "page"];

class Search {
  readonly found: Finding[] = [];
  readonly unsearched: Unsearched[] = [];
  readonly #path: string;
  readonly #needles: Needles;
  readonly #openers: Openers | null;
  readonly #places = new Map<string, Finding>();
  readonly #gaps = new Set<string>();
  readonly #budget: Budget = { bytes: mostUnpacked, files: mostFiles };

  constructor(path: string, needles: Needles, openers: Openers | null) {
    this.#path = path;
    this.#needles = needles;
    this.#openers = openers;
  }

  async file(bytes: AsyncIterable<Uint8Array>, size: number, place: Place, name: string): Promise<void> {
    for (const layer of layersOf(name)) this.#note(findIn(layer, this.#needles), place, () => ({ is: "name" }));
    const { head, all } = await peek(bytes, headBytes);
    const kind = kindOfFile(head);
    const most = kind === "text" ? mostText : mostHeld;
    const isOpened = kind === "text" || kind === "pdf" || kind === "zip" || kind === "gzip";
    const held = new Held(isOpened ? most : 0, size);
    const wide = wideOf(head);
    for await (const window of windowsOf(held.passing(all))) this.#window(window, { place, kind, wide });
    if (this.#openers !== null) await this.#open(kind, held, place, this.#openers);
  }

  #window(window: Window, { place, kind, wide }: { place: Place; kind: Kind; wide: Wide }): void {
    if (kind === "text" || isText(window.bytes.subarray(0, headBytes)))
      for (const text of readings(window.bytes, kind === "text" ? wide : wideOf(window.bytes), this.#needles))
        for (const layer of layersOf(text))
          this.#note(findIn(layer, this.#needles, window), place, ({ at }) => ({
            is: "line",
            line: window.lines + lineOf(layer, at),
          }));
    this.#note(findInBytes(window.bytes, this.#needles, window), place, () => ({ is: "byte", offset: window.offset }));
  }

  async #open(kind: Kind, held: Held, place: Place, { pdf }: Openers): Promise<void> {
    if (kind === "picture" || kind === "sound") this.#missed(place, kind);
    if (kind === "other") this.#missed(place, "kind");
    if (kind === "text") await this.#openText(held, place);
    if (kind !== "pdf" && kind !== "zip" && kind !== "gzip") return;
    const bytes = held.bytes();
    if (bytes === null) this.#missed(place, "large");
    else if (place.inside.length >= deepest) this.#missed(place, "nested");
    else if (kind === "pdf") await this.#openPdf(bytes, place, pdf);
    else
      for await (const part of unzip(kind, bytes, this.#budget)) {
        const inner = { inside: part.name === "" ? place.inside : [...place.inside, part.name] };
        if (part.is === "file") await this.#unpacked(part.bytes, inner, part.name);
        else if (part.is === "remark") this.#note(findIn(part.text, this.#needles), inner, () => ({ is: "about" }));
        else this.#missed(inner, part.why);
      }
  }

  /** A bomb, or a damaged part, ends this part and not the search. */
  async #unpacked(bytes: AsyncIterable<Uint8Array>, place: Place, name: string): Promise<void> {
    try {
      await this.file(bytes, 0, place, name);
    } catch (error) {
      this.#missed(place, error instanceof TooLarge ? "large" : "damaged");
    }
  }

  /** Mails carry files, pages carry pictures. */
  async #openText(held: Held, place: Place): Promise<void> {
    const bytes = held.bytes();
    if (bytes === null) return; // all of it was searched as text
    const carried = carriedIn(bytes);
    if (carried.length > 0 && place.inside.length >= deepest) {
      this.#missed(place, "nested");
      return;
    }
    for (const [i, { bytes: part, isSaid }] of carried.entries()) {
      // What only looks like a file must be one.
      if (!isSaid && kindOfFile(part.subarray(0, headBytes)) === "other") continue;
      if (!this.#spend(part.length, place)) return;
      await this.file(once(part), part.length, { inside: [...place.inside, `base64 ${String(i + 1)}`] }, "");
    }
  }

  async #openPdf(bytes: Uint8Array, place: Place, pdf: PdfReader): Promise<void> {
    const text = await pdf.read(bytes);
    if (text === "locked" || text === "damaged") this.#missed(place, text);
    else {
      const onPage = (page: number, words: string): void =>
        this.#note(findIn(words, this.#needles), place, () => ({ is: "page", page }));
      for (const [i, page] of text.pages.entries()) for (const words of page) onPage(i + 1, words);
      for (const [page, texts] of text.breaks) for (const words of texts) onPage(page, words);
      for (const about of text.about)
        for (const layer of layersOf(about)) this.#note(findIn(layer, this.#needles), place, () => ({ is: "about" }));
      if (text.pictures.length > 0) this.#missed(place, "picture", text.pictures);
      if (text.damaged.length > 0) this.#missed(place, "damaged", text.damaged);
      for (const { name, bytes: inside } of text.files)
        if (this.#spend(inside.length, place))
          await this.file(once(inside), inside.length, { inside: [...place.inside, name] }, name);
    }
    // Earlier versions, scripts and descriptions that no page shows.
    if (text !== "locked") await this.#streamsOf(bytes, place);
  }

  async #streamsOf(bytes: Uint8Array, place: Place): Promise<void> {
    for await (const { offset, inflated } of inflatedStreams(bytes)) {
      if (!this.#spend(inflated.length, place)) return;
      for await (const window of windowsOf(once(inflated)))
        this.#window(window, { place: { ...place, offset }, kind: "other", wide: null });
    }
  }

  #spend(bytes: number, place: Place): boolean {
    this.#budget.bytes -= bytes;
    this.#budget.files--;
    if (this.#budget.bytes >= 0 && this.#budget.files >= 0) return true;
    this.#missed(place, "large");
    return false;
  }

  #note(sights: readonly Sight[], { inside, offset }: Place, whereOf: (sight: Sight) => Where): void {
    for (const sight of sights) {
      const { needle, how, word, is } = sight;
      const where = offset === undefined ? whereOf(sight) : { is: "byte" as const, offset };
      const key = JSON.stringify([inside, needle, how, word]);
      const known = this.#places.get(key);
      if (known === undefined) {
        const finding: Finding = { path: this.#path, inside, needle, how, word, is, where };
        this.#places.set(key, finding);
        this.found.push(finding);
      } else if (clearness.indexOf(where.is) > clearness.indexOf(known.where.is)) known.where = where;
    }
  }

  #missed({ inside }: Place, why: Why, pages: readonly number[] = []): void {
    const key = JSON.stringify([inside, why]);
    if (this.#gaps.has(key)) return;
    this.#gaps.add(key);
    this.unsearched.push({ path: this.#path, inside, why, pages });
  }
}

/** Bytes that pass by, kept as long as they are not too many. */
class Held {
  readonly #most: number;
  #parts: Uint8Array[] | null = [];
  #length = 0;

  constructor(most: number, size: number) {
    this.#most = most;
    if (size > most) this.#parts = null;
  }

  async *passing(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.#length += chunk.length;
      if (this.#length > this.#most) this.#parts = null;
      this.#parts?.push(chunk);
      yield chunk;
    }
  }

  /** Null: there were too many. */
  bytes(): Uint8Array | null {
    if (this.#parts === null) return null;
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      joined.set(part, at);
      at += part.length;
    }
    this.#parts = null;
    return joined;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
