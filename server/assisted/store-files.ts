/** A form's files: sealed while they arrive and stored along the same way as a browser's uploads. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { objectBytesWithin, sealObject, type ObjectPlace } from "../../crypto/attachments.ts";
import type { FileEntry } from "../../crypto/content.ts";
import type { ObjectRef } from "../../crypto/envelope/seal.ts";
import { PortalError } from "../../crypto/errors.ts";
import type { Context } from "../app/context.ts";
import { abandonUpload, partBytes, receivePart, reserveUpload } from "../app/upload-object.ts";
import { mostFiles, type Form } from "./form.ts";

export interface StoredFiles {
  files: FileEntry[];
  /** Null without files. */
  object: ObjectRef | null;
}

/**
 * Room is reserved for as much as the form's length allows, and padding goes up to it: the sizes
 * themselves are known only at the end. What fails half-way leaves nothing behind.
 * @throws PortalError "large" | "full" | "format"
 */
export async function storeFiles(context: Context, place: ObjectPlace, form: Form): Promise<StoredFiles> {
  if (!form.hasFiles) return { files: [], object: null };
  if (form.bytesAtMost === 0) throw new PortalError("format", "the form does not say how long it is");
  const length = objectBytesWithin(form.bytesAtMost, mostFiles);
  const ticket = await reserveUpload(context, place.envId, length);
  const writer = new ObjectWriter(context, place.envId, ticket, length);
  try {
    const sealed = await sealObject(form.files(), place, (piece) => writer.write(piece), length);
    await writer.finish();
    return { files: sealed.files, object: { length: sealed.length, hash: sealed.hash } };
  } catch (error) {
    await writer.stop();
    await abandonUpload(context, place.envId);
    throw error;
  }
}

interface OpenPart {
  stream: PassThrough;
  stored: Promise<void>;
  room: number;
}

/** Cuts the sealed bytes into the parts of an upload, each streamed to the disk as it is written. */
class ObjectWriter {
  readonly #context: Context;
  readonly #envId: Uint8Array;
  readonly #ticket: Uint8Array;
  #left: number;
  #parts = 0;
  #part: OpenPart | null = null;

  constructor(context: Context, envId: Uint8Array, ticket: Uint8Array, length: number) {
    this.#context = context;
    this.#envId = envId;
    this.#ticket = ticket;
    this.#left = length;
  }

  /** Waits for the disk. */
  async write(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length;) {
      const part = (this.#part ??= this.#begin());
      const bytes = piece.subarray(at, at + part.room);
      at += bytes.length;
      part.room -= bytes.length;
      if (!part.stream.write(bytes)) await Promise.race([once(part.stream, "drain"), part.stored]);
      if (part.room === 0) await this.finish();
    }
  }

  /** The part that is open is complete. */
  async finish(): Promise<void> {
    const part = this.#part;
    if (part === null) return;
    this.#part = null;
    part.stream.end();
    await part.stored;
  }

  /** Resolves when nothing is being written any more. */
  async stop(): Promise<void> {
    const part = this.#part;
    this.#part = null;
    part?.stream.destroy();
    await part?.stored.catch(() => {});
  }

  #begin(): OpenPart {
    if (this.#left <= 0) throw new PortalError("large", "more bytes came than the form said");
    const stream = new PassThrough();
    stream.on("error", () => {});
    const room = Math.min(partBytes, this.#left);
    this.#left -= room;
    const stored = receivePart(this.#context, this.#envId, this.#ticket, this.#parts++, stream);
    // Who awaits it later gets the failure; until then it must not count as unhandled.
    stored.catch(() => stream.destroy());
    return { stream, stored, room };
  }
}
