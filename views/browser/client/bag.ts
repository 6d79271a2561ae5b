/**
 * BagIt 1.0 (RFC 8493) with SHA-256: what an outsider checks with `sha256sum -c`. Pure: gets
 * bytes and digests, gives the tag files' bytes.
 */
import { toHex, utf8 } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { Sha256 } from "../../../crypto/sodium.ts";

/** A file whose digest is known before its bytes are at hand. */
export interface BagEntry {
  /** Relative to the bag, e.g. "data/case.json". */
  path: string;
  /** Bytes. */
  size: number;
  /** Hex. */
  sha256: string;
}

export interface TagFile extends BagEntry {
  bytes: Uint8Array;
}

export function sha256Of(bytes: Uint8Array): string {
  const digest = new Sha256();
  digest.update(bytes);
  return toHex(digest.digest());
}

/** Plain names only: nothing that an unpacking program could take for a way out of the bag. */
const safePath = /^(?:[a-z0-9][a-z0-9-]*\/)*[a-zA-Z0-9][a-zA-Z0-9-]*(?:\.[a-z0-9]+)*$/;

export function checkPath(path: string): string {
  if (!safePath.test(path)) throw new PortalError("format", "a path would leave the bag");
  return path;
}

export function fileOf(path: string, text: string | Uint8Array): TagFile {
  const bytes = typeof text === "string" ? utf8(text) : text;
  return { path: checkPath(path), bytes, size: bytes.length, sha256: sha256Of(bytes) };
}

function manifest(entries: readonly BagEntry[]): string {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  return sorted.map(({ path, sha256 }) => `${sha256}  ${checkPath(path)}\n`).join("");
}

/** One line each; what somebody else typed must not begin another. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029]+/g, " ").trim();

/**
 * The tag files around a payload, the manifest of the tag files last. `about`: lines of
 * bag-info.txt; Payload-Oxum is counted here. `more`: tag files of our own, such as VERIFY.md.
 */
export function bagAround(
  payload: readonly BagEntry[],
  about: readonly (readonly [label: string, value: string])[],
  more: readonly TagFile[],
): TagFile[] {
  const bytes = payload.reduce((sum, { size }) => sum + size, 0);
  const lines = [...about, ["Payload-Oxum", `${bytes}.${payload.length}`] as const];
  const tags = [
    fileOf("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
    fileOf("bag-info.txt", lines.map(([label, value]) => `${label}: ${oneLine(value)}\n`).join("")),
    fileOf("manifest-sha256.txt", manifest(payload)),
    ...more,
  ];
  return [...tags, fileOf("tagmanifest-sha256.txt", manifest(tags))];
}
