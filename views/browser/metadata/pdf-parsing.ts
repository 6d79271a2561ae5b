/**
 * A PDF as objects, and whether they are those that a reader would show. The library reads a file from
 * beginning to end and lets the last object of each number count; readers go by the cross-references. A
 * file can be written so that the two see different words: such a file is damaged.
 */
import {
  PDFContext,
  PDFNumber,
  PDFObjectStreamParser,
  PDFParser,
  PDFRawStream,
  PDFRef,
  PDFXRefStreamParser,
  type PDFDict,
  type PDFObject,
  type Position,
} from "@cantoo/pdf-lib";
import { countWord, type Bytes } from "./binary.ts";
import { CannotClean, damaged } from "./cannot-clean.ts";
import { bodyAt, endBytes, numberIn, readPlaces, type Place, type Places } from "./pdf-places.ts";
import { predictorOf } from "./pdf-predictors.ts";
import { dictOf, isNamed, itemsAt, name, numberAt } from "./pdf-reading.ts";

const objectsPerTick = 500; // then the worker hears whether it was cancelled
// The library unpacks these without a bound: a small stream cannot fill the memory.
const mostPackedObjects = 512 * 1024; // bytes
const mostObjects = 4_000_000;
const longestLineEnd = 2; // bytes

function bounded(stream: PDFRawStream): PDFRawStream {
  if (stream.contents.length > mostPackedObjects) throw damaged("an object stream that is too large");
  return stream;
}

/** The library does not undo predictors: it would read other objects than the readers do. */
function plain(stream: PDFRawStream): PDFRawStream {
  if (predictorOf(stream.dict).kind !== 1) throw damaged("an object stream with a predictor");
  return stream;
}

/** The library makes an entry for each object that the stream claims, without looking whether it is there. */
function counted(stream: PDFRawStream): PDFRawStream {
  const counts = itemsAt(stream.dict, "Index").filter((_, i) => i % 2 === 1);
  const claimed = counts.map((each) => (each instanceof PDFNumber ? each.asNumber() : 0));
  const sum = claimed.reduce((total, count) => total + count, 0);
  if (Math.max(sum, numberAt(stream.dict, "Size") ?? 0) > mostObjects) throw damaged("too many objects");
  return stream;
}

const { forStream: objectsOf } = PDFObjectStreamParser;
PDFObjectStreamParser.forStream = (stream, ...rest) => objectsOf(plain(bounded(stream)), ...rest);
const { forStream: placesOf } = PDFXRefStreamParser;
PDFXRefStreamParser.forStream = (stream) => placesOf(counted(bounded(stream)));

/** Where the library found an object: its own body, or that of the object stream it was in. */
interface Taken {
  body: number;
  within: number | null;
  /** The same object stream has two of that number. */
  isTwice: boolean;
}

const endstream = Array.from("endstream", (letter) => letter.charCodeAt(0));

/** The library's parser, and a note of where it took each object from. */
class Witness extends PDFParser {
  readonly taken = new Map<PDFRef, Taken>();
  /** Two objects have one number: an update, or one of them is not meant to be seen. */
  hasDoubles = false;
  readonly #file: Bytes;
  readonly #places: Places["places"] | undefined;
  #depth = 0;
  #current: { ref: PDFRef; body: number } | null = null;
  #dict: PDFDict | null = null;

  constructor(file: Bytes, places: Places["places"] | undefined) {
    super(file, objectsPerTick, true);
    this.#file = file;
    this.#places = places;
    const { context } = this;
    context.assign = (ref, object) => {
      this.#note(ref);
      PDFContext.prototype.assign.call(context, ref, object);
    };
  }

  #note(ref: PDFRef): void {
    if (this.#current === null) return;
    const { body } = this.#current;
    const within = ref === this.#current.ref ? null : this.#current.ref.objectNumber;
    const before = this.taken.get(ref);
    if (before !== undefined) this.hasDoubles = true;
    this.taken.set(ref, { body, within, isTwice: within !== null && before?.body === body });
  }

  override parseObject(ref?: PDFRef): PDFObject {
    // Only what is no part of another object has a name here.
    if (this.#depth === 0 && ref !== undefined) this.#current = { ref, body: this.bytes.offset() };
    this.#depth++;
    try {
      return super.parseObject(ref);
    } finally {
      this.#depth--;
    }
  }

  protected override parseDict(ref?: PDFRef): PDFDict {
    this.#dict = super.parseDict(ref);
    return this.#dict;
  }

  /** The library looks for the word "endstream" where the length stands in an object of its own; readers look there. */
  protected override findEndOfStreamFallback(startPos: Position): number {
    const start = this.bytes.offset();
    const length = this.#dict?.get(name("Length"));
    if (length instanceof PDFRef) {
      const said = numberIn(this.#file, this.#places?.get(length.objectNumber), length.objectNumber);
      this.bytes.moveTo(start + (said ?? this.#file.length));
      this.skipWhitespace();
      if (said !== null && this.matchKeyword(endstream)) return start + said;
      this.bytes.moveTo(start);
    }
    return super.findEndOfStreamFallback(startPos);
  }
}

export interface ParsedPdf {
  context: PDFContext;
  /** All that the file holds, also what no reader would show. */
  objects: [PDFRef, PDFObject][];
  /** Throws "damaged" where readers would take another object for this reference than the library did. */
  check: (ref: PDFRef) => void;
}

/** Throws "encrypted" or something that means "damaged". */
export async function parsePdf(file: Bytes): Promise<ParsedPdf> {
  // The library would read a file that was cut off as one with fewer pages.
  if (countWord(file.subarray(-endBytes), "startxref") === 0) throw damaged("it has no end");
  const found = await readPlaces(file);
  const isFollowed = found !== null && [...found.places].some(([number, place]) => isThere(file, number, place));
  const witness = new Witness(file, isFollowed ? found.places : undefined);
  const context = await parsed(witness, file);
  const objects = context.enumerateIndirectObjects();
  if (isFollowed) return { context, objects, check: follow(file, found, witness, context) };
  // Readers search such a file for objects, as the library did: it must be clear what they find.
  if (witness.hasDoubles || objects.filter(isCatalog).length > 1) throw damaged("two versions and no cross-references");
  return { context, objects, check: () => {} };
}

async function parsed(witness: Witness, file: Bytes): Promise<PDFContext> {
  try {
    const context = await witness.parseDocument();
    if (context.trailerInfo.Encrypt === undefined) return context;
  } catch (error) {
    // Encrypted object streams cannot be read at all; that they are encrypted stands in the clear.
    if (countWord(file, "/Encrypt") === 0) throw error;
  }
  throw new CannotClean("encrypted", "needs a password");
}

function isThere(file: Bytes, number: number, place: Place): boolean {
  return "header" in place && bodyAt(file, place.header, number, place.generation) !== null;
}

function isCatalog([, object]: [PDFRef, PDFObject]): boolean {
  const dict = dictOf(object);
  return dict !== null && isNamed(dict, "Type", "Catalog");
}

/** Takes what the cross-references say; where that is not what the library has, the check throws. */
function follow(file: Bytes, { places, root }: Places, { taken }: Witness, context: PDFContext): ParsedPdf["check"] {
  const drawings = new Set<PDFRef>();
  for (const [ref, object] of context.enumerateIndirectObjects()) {
    if (places.has(ref.objectNumber)) continue;
    if (object instanceof PDFRawStream) drawings.add(ref);
    context.delete(ref);
  }
  if (root !== null) context.trailerInfo.Root = root;
  const bodyOf = (number: number, place: Place | undefined): number | null =>
    place === undefined || "within" in place ? null : bodyAt(file, place.header, number, place.generation);

  return (ref) => {
    const { objectNumber: number, generationNumber: generation } = ref;
    const place = places.get(number);
    // Free: it means nothing, and is gone from the context. Some readers search for it nevertheless.
    if (place === undefined && drawings.has(ref)) throw damaged("readers might show what is free");
    if (place === undefined) return;
    const mine = taken.get(ref);
    const isSame =
      "within" in place
        ? mine?.within === place.within && !mine.isTwice && mine.body === bodyOf(place.within, places.get(place.within))
        : mine?.within === null && generation === place.generation && mine.body === bodyOf(number, place);
    if (!isSame) throw damaged("readers would take another object");
    if (isCut(context.lookup(ref))) throw damaged("readers would take more of a stream");
  };
}

/** Whether a stream is longer than the library took, its length being in an object that was not read yet. */
function isCut(object: PDFObject | undefined): boolean {
  if (!(object instanceof PDFRawStream) || !(object.dict.get(name("Length")) instanceof PDFRef)) return false;
  return (numberAt(object.dict, "Length") ?? 0) > object.contents.length + longestLineEnd;
}
