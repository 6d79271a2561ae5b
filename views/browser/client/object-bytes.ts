/** One file's sealed bytes out of an attachment object, without telling the server which. */
import { PortalError } from "../../../crypto/errors.ts";

async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
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
  let at = 0;
  for await (const bytes of bytesOf(response)) {
    const [from, to] = [Math.max(0, offset - at), Math.min(bytes.length, offset + length - at)];
    if (to > from) yield bytes.subarray(from, to);
    at += bytes.length;
  }
}
