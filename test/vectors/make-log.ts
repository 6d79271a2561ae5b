/** Vectors of the log: checkpoints, and the two proofs about its tree. */
import { concat, toBase64, u32le } from "../../crypto/bytes.ts";
import { signCheckpoint } from "../../crypto/checkpoint.ts";
import { hash } from "../../crypto/hash.ts";
import { leafOf } from "../../crypto/log.ts";
import {
  consistencyNodes,
  emptyRoot,
  hashOfLeaves,
  inclusionNodes,
  nodeHash,
  type Leaves,
  type Subtree,
} from "../../crypto/log-tree.ts";
import { makeOrganisation, seedFor } from "../support/fixtures.ts";
import { b64, value, type CaseInput, type Collection } from "./collection.ts";

const { portalId, log, charter } = makeOrganisation("Vectors & Co");
const envelopeHash = seedFor("envelope hash");
const blinding = seedFor("blinding");
const place = 77;
const leafAt = (at: number): Uint8Array =>
  at === place ? leafOf({ name: "filed", envelopeHash }, blinding) : hash(32, null, "vector", u32le(at));

function hashOf({ level, at }: Subtree): Uint8Array {
  return level === 0
    ? leafAt(at)
    : nodeHash(hashOf({ level: level - 1, at: 2 * at }), hashOf({ level: level - 1, at: 2 * at + 1 }));
}
const rootOf = (size: number): Uint8Array => (size === 0 ? emptyRoot : hashOfLeaves({ start: 0, end: size }, hashOf));
const proofOf = (nodes: Leaves[]): string[] => nodes.map((node) => b64(hashOfLeaves(node, hashOf)));

export async function makeLog(to: Collection): Promise<void> {
  await makeCheckpoints(to);
  await makeInclusion(to);
  await makeConsistency(to);
}

async function makeCheckpoints(to: Collection): Promise<void> {
  const of = (size: number, id = portalId, key = log) => signCheckpoint({ size, root: rootOf(size) }, id, key);
  const said = { portalId: b64(portalId), logKey: b64(log.publicKey), seed: b64(log.secretKey.subarray(0, 32)) };
  await to.valid("checkpoint", "§18 a signed note: origin, size, root; the log's signature", {
    "192 leaves": { text: of(192), ...said },
    "no leaf": { text: of(0), ...said },
  });
  const text = of(192);
  const bad = (what: string, cls: string, changed: string): void =>
    to.failure("checkpoint", what, cls, { text: value(changed) });
  bad("another-size", "forged", text.replace("\n192\n", "\n128\n"));
  bad("another-root", "forged", text.replace(toBase64(rootOf(192)), toBase64(rootOf(128))));
  bad("of-another-portal", "forged", of(192, seedFor("x")));
  bad("by-another-key", "forged", of(192, portalId, charter.sign));
  bad("not-whole-days", "format", of(190));
  bad("leading-zero", "format", text.replace("\n192\n", "\n0192\n"));
  bad("extension-line", "format", text.replace("\n\n", "\nmore\n\n"));
  bad("no-newline-at-the-end", "format", text.slice(0, -1));
  bad("two-signatures", "format", `${text}${text.split("\n")[4]!}\n`);
}

async function makeInclusion(to: Collection): Promise<void> {
  const said = { name: "filed", envelopeHash: b64(envelopeHash), blinding: b64(blinding), index: place };
  const of = (size: number): CaseInput => ({
    ...said,
    size,
    root: b64(rootOf(size)),
    proof: proofOf(inclusionNodes(place, size)),
  });
  await to.valid("log-inclusion", "§18 a filing stands at its place in the tree", {
    "of 128 leaves": of(128),
    "of 192 leaves": of(192),
  });
  const proof = proofOf(inclusionNodes(place, 192));
  const [first, ...rest] = proof as [string, ...string[]];
  to.failure("log-inclusion", "another-leaf", "forged", { envelopeHash: value(b64(seedFor("x"))) }, 1);
  to.failure("log-inclusion", "appended-for-filed", "forged", { name: value("appended") }, 1);
  to.failure("log-inclusion", "another-place", "forged", { index: value(place + 1) }, 1);
  to.failure("log-inclusion", "another-root", "forged", { root: value(b64(rootOf(128))) }, 1);
  to.failure("log-inclusion", "proof-too-short", "forged", { proof: value(rest) }, 1);
  to.failure("log-inclusion", "proof-too-long", "forged", { proof: value([first, ...proof]) }, 1);
  to.failure("log-inclusion", "proof-in-another-order", "forged", { proof: value(proof.toReversed()) }, 1);
  to.failure("log-inclusion", "behind-the-end", "format", { index: value(192) }, 1);
  to.failure("log-inclusion", "size-0", "format", { size: value(0) }, 1);
  to.failure("log-inclusion", "size-of-2-53", "format", { size: value(2 ** 53) }, 1);
  const short = b64(concat(new Uint8Array(31)));
  to.failure("log-inclusion", "hash-of-31-bytes", "format", { proof: value([short, ...rest]) }, 1);
}

async function makeConsistency(to: Collection): Promise<void> {
  const of = (from: number, size: number): CaseInput => ({
    from,
    oldRoot: b64(rootOf(from)),
    to: size,
    newRoot: b64(rootOf(size)),
    proof: proofOf(consistencyNodes(from, size)),
  });
  await to.valid("log-consistency", "§18 a tree is the beginning of another", {
    "64 of 128": of(64, 128),
    "192 of 448": of(192, 448),
    "all of it": of(192, 192),
    nothing: of(0, 192),
  });
  const proof = proofOf(consistencyNodes(192, 448));
  to.failure("log-consistency", "another-beginning", "forged", { oldRoot: value(b64(rootOf(128))) }, 1);
  to.failure("log-consistency", "another-end", "forged", { newRoot: value(b64(rootOf(384))) }, 1);
  to.failure("log-consistency", "rewritten", "forged", { newRoot: value(b64(seedFor("x"))) }, 2);
  to.failure("log-consistency", "shorter", "forged", { to: value(128), newRoot: value(b64(rootOf(128))) }, 1);
  to.failure("log-consistency", "proof-too-short", "forged", { proof: value(proof.slice(1)) }, 1);
  to.failure("log-consistency", "proof-too-long", "forged", { proof: value([...proof, proof[0]!]) }, 1);
  to.failure("log-consistency", "nothing-with-a-root", "forged", { oldRoot: value(b64(rootOf(64))) }, 3);
  to.failure("log-consistency", "size-of-2-53", "format", { to: value(2 ** 53) }, 1);
}
