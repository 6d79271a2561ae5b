/**
 * PROTOCOL.md §18: the log's Merkle tree (RFC 6962 §2.1, RFC 9162 §2.1) over leaf hashes, and the two
 * proofs about it. Makers are told the hashes of full subtrees, so that no leaf but a few need be read.
 * Sizes reach 2^53 - 1: plain arithmetic, for JavaScript's shifts stop at 32 bits.
 */
import { concat, equal, u8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { sodium } from "./sodium.ts";

/** A full subtree: the 2^level leaves from `at` · 2^level on. Level 0 is one leaf. */
export interface Subtree {
  level: number;
  at: number;
}

/** Leaves from `start` up to but not including `end`, as a node of some tree covers them. */
export interface Leaves {
  start: number;
  end: number;
}

export interface TreeHead {
  /** Number of leaves. */
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
}

/** SHA-256(0x01 ‖ left ‖ right) */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sodium.crypto_hash_sha256(concat(u8(1), left, right));
}

/** The root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot = sodium.crypto_hash_sha256(new Uint8Array());

/** The largest power of two smaller than n, n at least 2: where a tree of n leaves parts. */
function splitOf(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

/** The full subtrees whose hashes give a node's, left to right: the larger ones first. */
export function subtreesOf({ start, end }: Leaves): Subtree[] {
  const subtrees: Subtree[] = [];
  for (let from = start; from < end;) {
    let [level, size] = [0, 1];
    while (from % (2 * size) === 0 && from + 2 * size <= end) {
      level += 1;
      size *= 2;
    }
    subtrees.push({ level, at: from / size });
    from += size;
  }
  return subtrees;
}

/** A node's hash. `hashOf`: 32 bytes of each of its subtreesOf(). */
export function hashOfLeaves(leaves: Leaves, hashOf: (subtree: Subtree) => Uint8Array): Uint8Array {
  return subtreesOf(leaves)
    .map(hashOf)
    .reduceRight((right, left) => nodeHash(left, right));
}

/** @throws PortalError "format" unless it counts leaves */
function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new PortalError("format", "no size of a log");
}

/**
 * The nodes whose hashes prove that leaf `index` stands in the tree of `size` leaves, from the leaf upwards.
 * @throws PortalError "format" when there is no such leaf
 */
export function inclusionNodes(index: number, size: number): Leaves[] {
  checkSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new PortalError("format", "no such leaf in the log");
  const nodes: Leaves[] = [];
  for (let [start, end] = [0, size]; end - start > 1;) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      nodes.unshift({ start: middle, end });
      end = middle;
    } else {
      nodes.unshift({ start, end: middle });
      start = middle;
    }
  }
  return nodes;
}

/**
 * The nodes whose hashes prove that the tree of `from` leaves is the beginning of the tree of `to`, in RFC 9162's
 * order. None when one of them is all of the other, or nothing.
 * @throws PortalError "format" when the first is the larger
 */
export function consistencyNodes(from: number, to: number): Leaves[] {
  checkSize(from);
  checkSize(to);
  if (from > to) throw new PortalError("format", "a log does not become shorter");
  if (from === 0 || from === to) return [];
  const nodes: Leaves[] = [];
  let [start, end] = [0, to];
  // Down to the node where the smaller tree ends.
  while (end !== from) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      nodes.unshift({ start: middle, end });
      end = middle;
    } else {
      nodes.unshift({ start, end: middle });
      start = middle;
    }
  }
  // All of the smaller tree: who asks has its root already.
  return start === 0 ? nodes : [{ start, end }, ...nodes];
}

/** Checks that `leaf` is number `index` of the tree. @throws PortalError "forged" | "format" */
export function verifyInclusion(leaf: Uint8Array, index: number, proof: readonly Uint8Array[], head: TreeHead): void {
  const nodes = inclusionNodes(index, head.size);
  checkLength(proof, nodes);
  const root = nodes.reduce(
    (hash, { start }, i) => (start > index ? nodeHash(hash, proof[i]!) : nodeHash(proof[i]!, hash)),
    leaf,
  );
  if (!equal(root, head.root)) throw new PortalError("forged", "the leaf does not stand in this log");
}

/** Checks that the log `before` is the beginning of the log `now`. @throws PortalError "forged" | "format" */
export function verifyConsistency(before: TreeHead, now: TreeHead, proof: readonly Uint8Array[]): void {
  checkSize(before.size);
  checkSize(now.size);
  if (before.size > now.size) throw new PortalError("forged", "the log is shorter than it was");
  const nodes = consistencyNodes(before.size, now.size);
  checkLength(proof, nodes);
  for (const { size, root } of [before, now])
    if (size === 0 && !equal(root, emptyRoot)) throw new PortalError("forged", "an empty log has another root");
  if (before.size === 0) return;
  // The first node is part of both trees; those left of it too, those right of it of the newer one only.
  const knowsRoot = nodes[0] === undefined || nodes[0].end !== before.size;
  let [old, whole] = knowsRoot ? [before.root, before.root] : [proof[0]!, proof[0]!];
  for (const [i, { start }] of nodes.entries()) {
    if (i === 0 && !knowsRoot) continue;
    const hash = proof[i]!;
    if (start < before.size) [old, whole] = [nodeHash(hash, old), nodeHash(hash, whole)];
    else whole = nodeHash(whole, hash);
  }
  if (!equal(old, before.root) || !equal(whole, now.root))
    throw new PortalError("forged", "the log is not the one that it was");
}

function checkLength(proof: readonly Uint8Array[], nodes: readonly Leaves[]): void {
  if (proof.some((hash) => hash.length !== 32)) throw new PortalError("format", "a hash of a proof is not 32 bytes");
  if (proof.length !== nodes.length) throw new PortalError("forged", "the proof has another length");
}
