/**
 * Packing of what is alike for everybody: over Tor every kilobyte waits. Nothing else may come here:
 * the length of a packed page that holds a secret beside foreign text can give the secret away.
 */
import type { Request, Response } from "express";
import { packers, type Encoding } from "../packers.ts";

/** What this client can read, the smaller one first; null: neither. Browsers offer Brotli over https and on localhost. */
export function chooseEncoding(req: Request): Encoding | null {
  if (req.acceptsEncodings("br") !== false) return "br";
  return req.acceptsEncodings("gzip") === false ? null : "gzip";
}

/** The newest texts as they go out, by encoding and text; a portal has a handful in each language. */
const packed = new Map<string, Promise<Buffer>>();
const mostPacked = 120;

function pack(text: string, encoding: Encoding): Promise<Buffer> {
  const key = `${encoding} ${text}`;
  const known = packed.get(key);
  if (known !== undefined) return known;
  if (packed.size >= mostPacked) packed.clear();
  const bytes = packers[encoding](text);
  packed.set(key, bytes);
  // No memory at this moment, say: the next one tries again.
  bytes.catch(() => packed.delete(key));
  return bytes;
}

/** Answers with a text that everybody gets alike. Its type has to be set. */
export async function sendPacked(res: Response, text: string): Promise<void> {
  res.vary("Accept-Encoding");
  const encoding = chooseEncoding(res.req);
  const bytes = encoding === null ? null : await pack(text, encoding).catch(() => null);
  if (encoding === null || bytes === null) res.send(text);
  else res.set("Content-Encoding", encoding).send(bytes);
}
