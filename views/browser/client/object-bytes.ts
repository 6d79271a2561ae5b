/** One file's sealed bytes out of an attachment object, without telling the server which. */
import { PortalError } from "../../../crypto/errors.ts";

/** A body as it comes. @throws PortalError "busy" when it stops coming */
export async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new PortalError("busy", "the file stopped arriving", { cause });
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/**
 * The object's bytes [offset, offset + length), with all of it read: where the reading stops, or a
 * range that was asked for, would tell the server how many files there are and how long.
 */
export async function* sealedFileOf(
  response: Response,
  { offset, length }: { offset: number; length: number },
): AsyncGenerator<Uint8Array> {
  const object = new ObjectReader(response);
  try {
    yield* object.file({ offset, length });
    await object.end();
  } finally {
    await object.stop();
  }
}

/** Files of one object in the order in which they stand in it: it is read once, and `end` reads what is behind them. */
export class ObjectReader {
  #bytes: AsyncGenerator<Uint8Array>;
  /** Came already, and begins at this place of the object. */
  #held = new Uint8Array();
  #at = 0;

  constructor(response: Response) {
    this.#bytes = bytesOf(response);
  }

  /** How much of the object is read: no file that begins before can be had any more. */
  get at(): number {
    return this.#at;
  }

  async *file({ offset, length }: { offset: number; length: number }): AsyncGenerator<Uint8Array> {
    const end = offset + length;
    while (this.#at < end) {
      if (this.#held.length === 0) {
        const next = await this.#bytes.next();
        if (next.done === true) return;
        this.#held = next.value as Uint8Array<ArrayBuffer>;
      }
      const [held, from] = [this.#held, Math.min(this.#held.length, Math.max(0, offset - this.#at))];
      const to = Math.min(held.length, end - this.#at);
      this.#held = held.subarray(to);
      this.#at += to;
      if (to > from) yield held.subarray(from, to);
    }
  }

  async end(): Promise<void> {
    for await (const bytes of this.#bytes) this.#at += bytes.length;
  }

  async stop(): Promise<void> {
    await this.#bytes.return(undefined);
  }
}
