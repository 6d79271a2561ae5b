/** The bag's lists of SHA-256 sums, as `sha256sum` writes them: one encoding, and nothing that leads out of the bag. */
import { safePath } from "../zip.ts";
import type { Fault } from "./words.ts";

export const listNames = { payload: "manifest-sha256.txt", tags: "tagmanifest-sha256.txt" } as const;
/** Signs the list of tag files, and so cannot stand in it. */
export const signatureName = `${listNames.tags}.minisig`;
/** Signed by a second person: likewise. */
export const approvalName = `${listNames.tags}.approver.minisig`;
/** What a time-stamping authority was asked, and what it answered. */
export const stampNames = { query: `${listNames.tags}.tsq`, answer: `${listNames.tags}.tsr` } as const;
const neededTags = ["bagit.txt", "bag-info.txt", listNames.payload];

export interface List {
  /** Hex by path. */
  sums: ReadonlyMap<string, string>;
  faults: Fault[];
}

/** `kind`: the payload's list names files under data/ only, that of the tag files all others but itself. */
export function parseList(kind: keyof typeof listNames, bytes: Uint8Array): List {
  const text = Buffer.from(bytes).toString("latin1");
  const faults: Fault[] = [];
  if (text === "") faults.push({ fault: "empty", of: "" });
  else if (!text.endsWith("\n")) faults.push({ fault: "end", of: "" });
  const lines = text.replace(/\n$/, "").split("\n");
  const sums = new Map<string, string>();
  const seen = new Set<string>();
  for (const [i, line] of text === "" ? [] : lines.entries()) {
    const [, sum, path] = /^([0-9a-f]{64}) {2}(.*)$/s.exec(line) ?? [];
    if (sum === undefined || path === undefined || !safePath.test(path) || !belongs(kind, path))
      faults.push({ fault: "line", of: String(i + 1) });
    else if (seen.has(path.toLowerCase())) faults.push({ fault: "again", of: String(i + 1) });
    else {
      sums.set(path, sum);
      seen.add(path.toLowerCase());
    }
  }
  if (kind === "tags") for (const name of neededTags) if (!sums.has(name)) faults.push({ fault: "unnamed", of: name });
  return { sums, faults };
}

function belongs(kind: keyof typeof listNames, path: string): boolean {
  const isPayload = path.startsWith("data/");
  return kind === "payload" ? isPayload : !isPayload && !/^tagmanifest-/i.test(path);
}
