/**
 * Reading a form: its fields first, then its files as they arrive. Nothing goes to the disk, and
 * of a file no more than a piece is held. Whoever answers early drains the request first.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { Readable } from "node:stream";
import busboy from "busboy";
import type { StreamedFile } from "../../crypto/attachments.ts";
import { PortalError } from "../../crypto/errors.ts";
import { Place } from "./form-room.ts";

/** Files of one form. */
export const mostFiles = 20;
const mostFields = 500;
/** Bytes of one field, and of all fields together: far above what a report may have, so that too much can come back too. */
const fieldBytes = 1024 * 1024;
const allFieldsBytes = 2 * 1024 * 1024;

/** What was wrong with the form itself, as far as it was read. */
export type FormProblem = "order" | "cut" | "files" | "large" | "format";

export interface Form {
  /** Every value of a field, in the order in which they came. */
  all(name: string): readonly string[];
  /** The first value, "" without one. */
  one(name: string): string;
  /** What somebody typed, whatever the form was. */
  typed(): string[];
  /** At least one file was chosen. */
  hasFiles: boolean;
  /** One after the other; each is read to its end before the next one comes. @throws PortalError "large" */
  files(): AsyncIterable<StreamedFile>;
  /** No more plain bytes than this will come in files. */
  bytesAtMost: number;
  /** The first thing that was wrong so far. */
  problem(): FormProblem | null;
}

interface ArrivingFile {
  name: string;
  type: string;
  stream: Readable & { truncated?: boolean };
}

/** Resolves when all fields are known: at the first file, or at the end. @throws PortalError "format" when it is no form */
export async function readForm(req: IncomingMessage, res: ServerResponse, maxFileBytes: number): Promise<Form> {
  const reading = new FormReading(req, res, maxFileBytes);
  await reading.fieldsRead;
  return reading;
}

class FormReading implements Form {
  readonly fieldsRead: Promise<void>;
  hasFiles = false;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #parser: busboy.Busboy;
  readonly #fields = new Map<string, string[]>();
  readonly #arrived: ArrivingFile[] = [];
  readonly #end: Promise<void>;
  #fieldsBytes = 0;
  #problem: FormProblem | null = null;
  #wake: () => void = () => {};
  #ended = false;
  #failure: PortalError | null = null;

  constructor(req: IncomingMessage, res: ServerResponse, maxFileBytes: number) {
    this.#req = req;
    this.#res = res;
    this.#parser = parserFor(req, maxFileBytes);
    const known = Promise.withResolvers<void>();
    this.fieldsRead = known.promise;
    this.#parser.on("field", (name, value, info) => {
      if (this.hasFiles) this.#note("order");
      if (info.valueTruncated || info.nameTruncated) this.#note("cut");
      this.#addField(name, value);
    });
    this.#parser.on("file", (_name, stream, { filename, mimeType }) => {
      // An empty file input arrives as a file without a name.
      if (filename === undefined || filename === "") {
        stream.on("error", () => {}).resume();
        return;
      }
      stream.on("error", () => {}); // told to whoever reads it
      this.hasFiles = true;
      this.#arrived.push({ name: cleanName(filename), type: mimeType.slice(0, 200), stream });
      known.resolve();
      this.#wake();
    });
    this.#parser.on("filesLimit", () => this.#note("files"));
    this.#parser.on("fieldsLimit", () => this.#note("format"));
    this.#parser.on("partsLimit", () => this.#note("format"));
    this.#end = this.#parse();
    this.#end.then(
      () => known.resolve(),
      (error: unknown) => known.reject(error as Error),
    );
    this.fieldsRead.catch(() => {});
  }

  get bytesAtMost(): number {
    const length = Number(this.#req.headers["content-length"]);
    return Number.isSafeInteger(length) && length > 0 ? length : 0;
  }

  #parse(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (cause: unknown): void => {
      this.#failure ??=
        cause instanceof PortalError ? cause : new PortalError("format", "the form could not be read", { cause });
      this.#finish();
      reject(this.#failure);
    };
    this.#parser.on("error", fail);
    this.#parser.on("close", () => {
      this.#finish();
      resolve();
    });
    this.#req.on("close", () => {
      // The browser went away half-way: nobody is left to answer, and files must not wait for ever.
      if (!this.#req.complete) this.#parser.destroy(new PortalError("format", "the form broke off"));
    });
    this.#req.pipe(this.#parser);
    this.#countText();
    return promise;
  }

  /** After the parser: the piece in which a file begins is not all text. */
  #countText(): void {
    const [req, parser] = [this.#req, this.#parser];
    const place = new Place({
      pause: () => req.unpipe(parser).pause(),
      goOn: () => req.pipe(parser),
      end: () => parser.destroy(new PortalError("busy", "too many large forms at once")),
    });
    req.on("data", (bytes: Uint8Array) => {
      if (!this.hasFiles && !parser.destroyed) place.count(bytes.length);
    });
    req.once("end", () => place.arrived());
    parser.once("error", () => place.leave());
    this.#res.once("close", () => place.leave());
  }

  #finish(): void {
    this.#ended = true;
    this.#wake();
  }

  #note(problem: FormProblem): void {
    this.#problem ??= problem;
  }

  #addField(name: string, value: string): void {
    this.#fieldsBytes += value.length + name.length;
    if (this.#fieldsBytes > allFieldsBytes) return this.#note("cut");
    const values = this.#fields.get(name);
    if (values === undefined) this.#fields.set(name, [value]);
    else values.push(value);
  }

  all(name: string): readonly string[] {
    return this.#fields.get(name) ?? [];
  }

  one(name: string): string {
    return this.all(name)[0] ?? "";
  }

  typed(): string[] {
    const names = [...this.#fields.keys()].filter((name) => name.startsWith("answer-") || name === "message");
    const isChoice = /^[a-z0-9-]{0,40}$/; // values of what was ticked: data/policy/questionnaire-file.ts
    return names.flatMap((name) => this.all(name)).filter((text) => !isChoice.test(text.trim()));
  }

  problem(): FormProblem | null {
    return this.#problem;
  }

  async *files(): AsyncGenerator<StreamedFile> {
    for (;;) {
      const file = this.#arrived.shift();
      if (file !== undefined) yield { name: file.name, type: file.type, size: null, read: () => readFile(file) };
      else if (this.#failure !== null) throw this.#failure;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** Reads and throws away what is left of a request: a browser that is still sending would not read the answer. */
export async function drain(req: IncomingMessage): Promise<void> {
  req.unpipe();
  if (req.readableEnded) return;
  req.resume();
  await finished(req, { writable: false });
}

function parserFor(req: IncomingMessage, maxFileBytes: number): busboy.Busboy {
  const limits = {
    fieldNameSize: 100,
    fieldSize: fieldBytes,
    fields: mostFields,
    files: mostFiles,
    // One byte more than allowed: a file of exactly the largest size is not cut.
    fileSize: maxFileBytes + 1,
    parts: mostFields + mostFiles,
    headerPairs: 20,
  };
  try {
    return busboy({ headers: req.headers, defParamCharset: "utf8", limits });
  } catch (cause) {
    throw new PortalError("format", "not a form", { cause });
  }
}

async function* readFile({ stream }: ArrivingFile): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) yield piece as Uint8Array;
  if (stream.truncated === true) throw new PortalError("large", "a file is too large");
}

/** A name to show and to save under: no folders, no control characters, never empty. */
export function cleanName(name: string): string {
  const clean = [...name.toWellFormed().replace(/[\p{Cc}\p{Bidi_Control}/\\]/gu, "")].slice(0, 200).join("");
  return clean.trim() === "" ? "file" : clean;
}
