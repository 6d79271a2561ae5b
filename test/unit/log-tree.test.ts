/** The log's Merkle tree against the definitions of RFC 9162 §2.1, written out once more in the plainest way. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  consistencyNodes,
  emptyRoot,
  hashOfLeaves,
  inclusionNodes,
  subtreesOf,
  verifyConsistency,
  verifyInclusion,
  type Leaves,
  type Subtree,
  type TreeHead,
} from "../../crypto/log-tree.ts";
import { codeOf } from "../support/outcome.ts";

type Hash = Uint8Array;
const sha = (...parts: Uint8Array[]): Hash =>
  new Uint8Array(createHash("sha256").update(Buffer.concat(parts)).digest());
const leaves = Array.from({ length: 300 }, (_, i) => sha(Buffer.from(`leaf ${i}`)));

const known = new Map<number, Hash>();

/** MTH(D[start:end]) of RFC 9162 §2.1.1; what was worked out once is kept. */
function mth(start: number, end: number): Hash {
  if (end === start) return sha();
  if (end === start + 1) return leaves[start]!;
  const key = start * 1000 + end;
  const k = start + half(end - start);
  const root = known.get(key) ?? sha(Buffer.of(1), mth(start, k), mth(k, end));
  known.set(key, root);
  return root;
}
const half = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** PATH(m, D[start:end]) of RFC 9162 §2.1.3.1, m counted from the first leaf of all. */
function path(m: number, start: number, end: number): Hash[] {
  if (end === start + 1) return [];
  const k = start + half(end - start);
  return m < k ? [...path(m, start, k), mth(k, end)] : [...path(m, k, end), mth(start, k)];
}

/** SUBPROOF(m, D[start:end], b) of RFC 9162 §2.1.4.1, likewise. */
function subproof(m: number, start: number, end: number, b: boolean): Hash[] {
  if (m === end) return b ? [] : [mth(start, end)];
  const k = start + half(end - start);
  return m <= k ? [...subproof(m, start, k, b), mth(k, end)] : [...subproof(m, k, end, false), mth(start, k)];
}

/** RFC 9162 §2.1.3.2, its way of counting: another verifier than ours. */
function verifiesInclusion(leaf: Hash, index: number, { size, root }: TreeHead, proof: Hash[]): boolean {
  if (index >= size) return false;
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = sha(Buffer.of(1), p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else r = sha(Buffer.of(1), r, p);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  return sn === 0 && Buffer.compare(r, root) === 0;
}

/** RFC 9162 §2.1.4.2, likewise. */
function verifiesConsistency(first: TreeHead, second: TreeHead, given: Hash[]): boolean {
  if (first.size === second.size) return given.length === 0 && Buffer.compare(first.root, second.root) === 0;
  if (given.length === 0) return false;
  const proof = Number.isInteger(Math.log2(first.size)) ? [first.root, ...given] : given;
  let [fn, sn] = [first.size - 1, second.size - 1];
  while (fn % 2 === 1) [fn, sn] = [fn >> 1, sn >> 1];
  let [fr, sr] = [proof[0]!, proof[0]!];
  for (const c of proof.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [sha(Buffer.of(1), c, fr), sha(Buffer.of(1), c, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else sr = sha(Buffer.of(1), sr, c);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  return sn === 0 && Buffer.compare(fr, first.root) === 0 && Buffer.compare(sr, second.root) === 0;
}

/** Full subtrees straight from the leaves. */
const ofSubtree = ({ level, at }: Subtree): Hash => mth(at * 2 ** level, (at + 1) * 2 ** level);
const hashes = (nodes: Leaves[]): Hash[] => nodes.map((node) => hashOfLeaves(node, ofSubtree));
const headOf = (size: number): TreeHead => ({ size, root: mth(0, size) });
const mostLeaves = 260;
const heads = Array.from({ length: mostLeaves + 1 }, (_, size) => headOf(size));

suite("the log's tree", () => {
  test("has the roots of RFC 9162 at every size", () => {
    assert.deepEqual(emptyRoot, mth(0, 0));
    for (const { size, root } of heads.slice(1))
      assert.deepEqual(hashOfLeaves({ start: 0, end: size }, ofSubtree), root, `size ${size}`);
  });

  test("covers any range that a tree has by full subtrees, the larger first, none left out", () => {
    for (const { size } of heads.slice(1))
      for (const node of [...inclusionNodes(size - 1, size), ...inclusionNodes(0, size), { start: 0, end: size }]) {
        const spans = subtreesOf(node).map(({ level, at }) => [at * 2 ** level, (at + 1) * 2 ** level] as const);
        assert.equal(spans[0]![0], node.start);
        assert.equal(spans.at(-1)![1], node.end);
        for (const [i, [start]] of spans.slice(1).entries()) assert.equal(start, spans[i]![1]);
      }
  });

  test("proves every leaf of every size, as RFC 9162 does, to two verifiers", () => {
    for (const head of heads.slice(1))
      for (let index = 0; index < head.size; index++) {
        const proof = hashes(inclusionNodes(index, head.size));
        assert.deepEqual(proof, path(index, 0, head.size));
        verifyInclusion(leaves[index]!, index, proof, head);
        assert.ok(verifiesInclusion(leaves[index]!, index, head, proof));
      }
  });

  test("proves that every smaller size is the beginning of every larger one, to two verifiers", () => {
    for (const now of heads)
      for (const before of heads.slice(0, now.size + 1)) {
        const proof = hashes(consistencyNodes(before.size, now.size));
        if (before.size > 0) assert.deepEqual(proof, subproof(before.size, 0, now.size, true));
        verifyConsistency(before, now, proof);
        if (before.size > 0) assert.ok(verifiesConsistency(before, now, proof));
      }
  });
});

const flipped = (hash: Hash): Hash => hash.map((byte, i) => (i === 7 ? byte ^ 1 : byte));
/** Every way in which a list of hashes can be another one. */
const spoilt = fc.constantFrom(
  (proof: Hash[], at: number) => proof.map((hash, i) => (i === at % Math.max(1, proof.length) ? flipped(hash) : hash)),
  (proof: Hash[]) => proof.slice(1),
  (proof: Hash[]) => proof.slice(0, -1),
  (proof: Hash[]) => [...proof, leaves[0]!],
  (proof: Hash[]) => [leaves[0]!, ...proof],
  (proof: Hash[]) => proof.toReversed(),
);
const same = (a: Hash[], b: Hash[]): boolean => Buffer.compare(Buffer.concat(a), Buffer.concat(b)) === 0;

suite("a proof that is not the tree's", () => {
  const size = fc.integer({ min: 1, max: mostLeaves });

  test("of a leaf is forged: spoilt, of another leaf, another place, another tree", () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), spoilt, (n, i, at, spoil) => {
        const [head, index] = [heads[n]!, i % n];
        const proof = hashes(inclusionNodes(index, n));
        const leaf = leaves[index]!;
        const bad = spoil(proof, at);
        if (!same(bad, proof))
          assert.equal(
            codeOf(() => verifyInclusion(leaf, index, bad, head)),
            "forged",
          );
        assert.equal(
          codeOf(() => verifyInclusion(leaves[290]!, index, proof, head)),
          "forged",
        );
        assert.equal(
          codeOf(() => verifyInclusion(leaf, index, proof, { ...head, root: flipped(head.root) })),
          "forged",
        );
        const other = at % n;
        if (other !== index)
          assert.equal(
            codeOf(() => verifyInclusion(leaf, other, proof, head)),
            "forged",
          );
      }),
      { numRuns: 500 },
    );
  });

  test("of two sizes is forged: spoilt, of another beginning, of another end", () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), spoilt, (n, i, at, spoil) => {
        const [now, before] = [heads[n]!, heads[1 + (i % n)]!];
        const proof = hashes(consistencyNodes(before.size, n));
        const bad = spoil(proof, at);
        if (!same(bad, proof))
          assert.equal(
            codeOf(() => verifyConsistency(before, now, bad)),
            "forged",
          );
        for (const [a, b] of [
          [{ ...before, root: flipped(before.root) }, now],
          [before, { ...now, root: flipped(now.root) }],
        ] as const)
          assert.equal(
            codeOf(() => verifyConsistency(a, b, proof)),
            "forged",
          );
      }),
      { numRuns: 500 },
    );
  });

  const [small, large] = [heads[64]!, heads[128]!];
  const good = hashes(consistencyNodes(64, 128));
  const inner = hashes(inclusionNodes(3, 64));
  for (const [what, code, act] of [
    ["a log that became shorter", "forged", () => verifyConsistency(large, small, good)],
    ["an empty log with a root", "forged", () => verifyConsistency({ size: 0, root: small.root }, large, [])],
    ["an empty log that becomes one with a proof", "forged", () => verifyConsistency(heads[0]!, large, good)],
    ["a log that was emptied", "forged", () => verifyConsistency(small, heads[0]!, [])],
    ["a beginning of half a leaf", "format", () => verifyConsistency({ ...small, size: 0.5 }, large, good)],
    ["a beginning of -64", "format", () => verifyConsistency({ ...small, size: -64 }, large, good)],
    ["a size of 2^53", "format", () => verifyConsistency(small, { ...large, size: 2 ** 53 }, good)],
    ["a hash of 31 bytes", "format", () => verifyConsistency(small, large, [good[0]!.subarray(1)])],
    ["the index behind the last", "format", () => verifyInclusion(leaves[64]!, 64, inner, small)],
    ["the index -1", "format", () => verifyInclusion(leaves[3]!, -1, inner, small)],
    ["the index 2^53", "format", () => verifyInclusion(leaves[3]!, 2 ** 53, inner, small)],
    ["an index that is no number", "format", () => verifyInclusion(leaves[3]!, Number.NaN, inner, small)],
    ["an index in an empty log", "format", () => verifyInclusion(leaves[3]!, 0, [], heads[0]!)],
    ["a node in the place of a leaf", "forged", () => verifyInclusion(inner[5]!, 1, [], { size: 2, root: small.root })],
  ] as [string, string, () => void][])
    test(`${what} is ${code}`, () => assert.equal(codeOf(act), code));

  test("sizes near 2^53 have short proofs, found at once", () => {
    const size = Number.MAX_SAFE_INTEGER;
    assert.equal(inclusionNodes(2 ** 52 - 1, size).length, 53);
    assert.equal(inclusionNodes(size - 1, size).length, 52);
    assert.ok(consistencyNodes(2 ** 52 + 64, size).length <= 53);
  });
});
