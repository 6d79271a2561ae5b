/**
 * The extract of the portal's log in a case file: each line goes on from the one before, each checkpoint is signed by
 * the log, and each proof leads to the checkpoint above it (PROTOCOL.md §18). verify.sh asks openssl the same.
 */
import { createHash } from "node:crypto";
import { fromBase64, fromHex, toBase64, utf8 } from "../../../crypto/bytes.ts";
import { openCheckpoint } from "../../../crypto/checkpoint.ts";
import { orNull } from "../../../crypto/errors.ts";
import { verifyInclusion, type TreeHead } from "../../../crypto/log-tree.ts";
import { leafOf } from "../../../crypto/log.ts";
import { base64Of, count, hexOf, parseJson, z } from "../../../crypto/shape.ts";
import type { Fault } from "./words.ts";

export const extractName = "data/logs/audit.jsonl";

const headShape = z.object({ format: z.literal("tellhaven-log-extract-1"), portalId: hexOf(32), logKey: base64Of(32) });
const noteShape = z.object({ previous: hexOf(32), checkpoint: z.string() });
const entryShape = z.object({
  previous: hexOf(32),
  event: z.enum(["filed", "appended"]),
  envelopeHash: hexOf(32),
  /** Null: of a day that was not closed yet. */
  proof: z.nullable(z.object({ index: count, blinding: base64Of(32), path: z.array(base64Of(32)) })),
});
type LoggedEntry = z.infer<typeof entryShape>;

/** `said`: what a person should compare. */
export function followLog(extract: Uint8Array): { faults: Fault[]; said: Fault[] } {
  const text = Buffer.from(extract).toString("utf8");
  const lines = text.replace(/\n$/, "").split("\n");
  const head = orNull(() => parseJson(headShape, utf8(lines[0]!), "log extract"));
  if (head === null) return { faults: [{ fault: "logLine", of: "1" }], said: [] };
  const portalId = fromHex(head.portalId);
  const logKey = fromBase64(head.logKey, 32);
  const counts = { proved: 0, later: 0 };
  let before = lines[0]!;
  let checkpoint: TreeHead | null = null;

  /** What is wrong with a line; null: nothing. */
  function faultOf(line: string): string | null {
    const row = orNull(() => parseJson(z.union([noteShape, entryShape]), utf8(line), "line"));
    if (row === null) return "logLine";
    if (row.previous !== createHash("sha256").update(before).digest("hex")) return "logChain";
    if ("checkpoint" in row) {
      checkpoint = orNull(() => openCheckpoint(row.checkpoint, portalId, logKey));
      return checkpoint === null ? "logNote" : null;
    }
    if (row.proof === null) counts.later++;
    else if (standsIn(checkpoint, row, row.proof)) counts.proved++;
    else return "logProof";
    return null;
  }

  const faults: Fault[] = [];
  for (const [i, line] of lines.entries()) {
    const fault = i === 0 ? null : faultOf(line);
    if (fault !== null) faults.push({ fault, of: String(i + 1) });
    before = line;
  }
  const later = counts.later === 0 ? [] : [{ fault: "logLater", of: String(counts.later) }];
  const key = { fault: "logKey", of: toBase64(logKey) };
  return { faults, said: [key, { fault: "logProved", of: String(counts.proved) }, ...later] };
}

function standsIn(
  checkpoint: TreeHead | null,
  { event, envelopeHash }: LoggedEntry,
  { index, blinding, path }: NonNullable<LoggedEntry["proof"]>,
): boolean {
  if (checkpoint === null) return false;
  const leaf = leafOf({ name: event, envelopeHash: fromHex(envelopeHash) }, fromBase64(blinding, 32));
  const hashes = path.map((each) => fromBase64(each, 32));
  return orNull(() => (verifyInclusion(leaf, index, hashes, checkpoint), true)) === true;
}
