/**
 * Passes a question on to the one time-stamping authority that the operator named (RFC 3161, 3.4). What the authority
 * learns is a hash and this machine's address: no header says for whom, and nothing is kept.
 */
const waitMs = 20_000;
/** With a chain of certificates an answer has 3 to 8 kB. */
const mostBytes = 64 * 1024;

/** down: no answer in time; refused: an answer that is no time stamp's, such as an error or a redirect; none: not to be read as one. */
export type Relayed = { is: "answered"; bytes: Uint8Array } | { is: "down" | "refused" | "none" };

/** `query`: as crypto/timestamp-query.ts makes it. What comes back is not looked into: the client does. */
export async function relayTimestamp(url: string, query: Uint8Array<ArrayBuffer>, mostMs = waitMs): Promise<Relayed> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/timestamp-query", "user-agent": "tellhaven", "accept-language": "*" },
      body: query,
      // Where it leads the operator did not say.
      redirect: "manual",
      credentials: "omit",
      signal: AbortSignal.timeout(mostMs),
    });
    const isReply = response.headers.get("content-type")?.split(";")[0]!.trim() === "application/timestamp-reply";
    if (response.status !== 200 || !isReply) {
      await response.body?.cancel();
      return { is: response.status === 200 ? "none" : "refused" };
    }
    const bytes = await readUpTo(response, mostBytes);
    return bytes === null || bytes.length === 0 ? { is: "none" } : { is: "answered", bytes };
  } catch {
    // Not reachable, cut off, or too slow: which of them only the operator could use, and logs name no addresses.
    return { is: "down" };
  }
}

/** Null: there was more. */
async function readUpTo(response: Response, most: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > most) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
