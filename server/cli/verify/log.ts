/**
 * The extract of the portal's log in a case file: each line goes on from the one before, each checkpoint is signed by
 * the log, and each proof leads to the checkpoint above it (PROTOCOL.md §18). verify.sh asks openssl the same.
 */
import { createHash } from "node:crypto";
import { fromBase64, fromHex } from "../../../crypto/bytes.ts";
import { openCheckpoint } from "../../../crypto/checkpoint.ts";
import { orNull } from "../../../crypto/errors.ts";
import { verifyInclusion, type TreeHead } from "../../../crypto/log-tree.ts";
import { leafOf, type LogEvent } from "../../../crypto/log.ts";
import { extractName, logLines, longestPath } from "../../../crypto/log-extract.ts";
import type { Fault } from "./words.ts";

/** A byte a letter, so that nothing is read that was not written. */
const latin1 = (text: string): string => Buffer.from(text).toString("latin1");
const shapes = {
  head: new RegExp(logLines.head),
  note: new RegExp(latin1(logLines.note)),
  entry: new RegExp(logLines.entry),
};

interface Note {
  is: "note";
  previous: string;
  text: string;
}
interface LoggedEntry {
  is: "entry";
  previous: string;
  event: LogEvent;
  /** Null: of a day that was not closed yet. */
  proof: { index: number; blinding: Uint8Array; path: Uint8Array[] } | null;
}

/** Null: not as the console writes it. */
function parseLine(line: string): Note | LoggedEntry | null {
  const note = shapes.note.exec(line);
  if (note !== null) {
    const [, portal, size, root, signer, signature, previous] = note;
    const text = `tellhaven-log/${portal}\n${size}\n${root}\n\n— tellhaven-log/${signer} ${signature}\n`;
    return { is: "note", previous: previous!, text };
  }
  const entry = shapes.entry.exec(line);
  if (entry === null) return null;
  const [, , , , name, hash, proof, index, blinding, hashes = "", , previous] = entry;
  const path = hashes === "" ? [] : hashes.split(",").map((each) => fromBase64(each.slice(1, -1), 32));
  if (path.length > longestPath) return null;
  return {
    is: "entry",
    previous: previous!,
    event: { name: name as LogEvent["name"], envelopeHash: fromHex(hash!) },
    proof: proof === "null" ? null : { index: Number(index), blinding: fromBase64(blinding!, 32), path },
  };
}

/** `portal`: id in hex of whose case file it is. `said`: what a person should compare. */
export function followLog(extract: Uint8Array, portal: string): { faults: Fault[]; said: Fault[] } {
  const lines = Buffer.from(extract).toString("latin1").split("\n");
  const unended = lines.pop()!;
  const head = shapes.head.exec(lines[0] ?? "");
  if (head === null) return { faults: [{ fault: "logLine", of: "1" }], said: [] };
  const [, portalId, logKey] = head as unknown as [string, string, string];
  const counts = { proved: 0, later: 0 };
  /** Null: nothing can go on from a line that is none. */
  let before: string | null = lines[0]!;
  let checkpoint: TreeHead | null = null;

  /** What is wrong with a line; null: nothing. */
  function faultOf(line: string): string | null {
    const row = parseLine(line);
    const last = before;
    before = row === null ? null : line;
    if (row === null) return "logLine";
    if (last !== null && row.previous !== createHash("sha256").update(last, "latin1").digest("hex")) return "logChain";
    if (row.is === "note") {
      checkpoint = orNull(() => openCheckpoint(row.text, fromHex(portalId), fromBase64(logKey, 32)));
      return checkpoint === null ? "logNote" : null;
    }
    if (row.proof === null) counts.later++;
    else if (standsIn(checkpoint, row.event, row.proof)) counts.proved++;
    else return "logProof";
    return null;
  }

  const faults: Fault[] = portalId === portal ? [] : [{ fault: "other", of: extractName }];
  for (const [i, line] of lines.entries()) {
    const fault = i === 0 ? null : faultOf(line);
    if (fault !== null) faults.push({ fault, of: String(i + 1) });
  }
  if (unended !== "") faults.push({ fault: "logLine", of: String(lines.length + 1) });
  const later = counts.later === 0 ? [] : [{ fault: "logLater", of: String(counts.later) }];
  return {
    faults,
    said: [{ fault: "logKey", of: logKey }, { fault: "logProved", of: String(counts.proved) }, ...later],
  };
}

function standsIn(
  checkpoint: TreeHead | null,
  event: LogEvent,
  { index, blinding, path }: NonNullable<LoggedEntry["proof"]>,
): boolean {
  if (checkpoint === null) return false;
  const head = checkpoint;
  return orNull(() => (verifyInclusion(leafOf(event, blinding), index, path, head), true)) === true;
}
