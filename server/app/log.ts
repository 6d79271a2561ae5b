/**
 * PROTOCOL.md §18: checkpoints of the log and proofs about it. All of them are over whole days, for nothing else
 * stands in the log. Hashes of full subtrees are kept, so that a proof reads some rows of a log of any length.
 */
import { signCheckpoint } from "../../crypto/checkpoint.ts";
import { PortalError } from "../../crypto/errors.ts";
import {
  consistencyNodes,
  emptyRoot,
  hashOfLeaves,
  inclusionNodes,
  nodeHash,
  subtreesOf,
  type Leaves,
  type Subtree,
  type TreeHead,
} from "../../crypto/log-tree.ts";
import { leavesPerDayStep } from "../../crypto/log.ts";
import type { LogNode, Store } from "../ports.ts";
import type { Context } from "./context.ts";
import { takeTurns } from "./turns.ts";

/** Subtrees of a block of 64 leaves and larger ones are kept; what is below is worked out from the block's leaves. */
const blockLevel = 6;
const blockLeaves = leavesPerDayStep;
/** Leaves that are hashed in one go, some milliseconds; other requests go in between. */
const hashedAtOnce = 16 * blockLeaves;

/** Two at once would do the same work. */
const inTurn = takeTurns();

/** How many leaves the log has now; every full subtree of them is kept once this answers. */
export async function logSize(context: Context): Promise<number> {
  const { leaves, hashed } = await context.store.logLength();
  if (hashed < leaves) await inTurn(context, () => keepNodes(context.store));
  return leaves;
}

/** Goes on where it was left, whatever ended it. */
async function keepNodes(store: Store): Promise<void> {
  const { leaves, hashed } = await store.logLength();
  for (let from = hashed; from < leaves; from += hashedAtOnce) {
    const rows = await store.listLeaves(from, Math.min(hashedAtOnce, leaves - from));
    const left = subtreesOf({ start: 0, end: from });
    const hashes = await store.findLogNodes(left);
    const edge = left.map((subtree, i) => ({ ...subtree, hash: present(hashes[i]) }));
    await store.putLogNodes(
      nodesOf(
        rows.map(({ leaf }) => leaf),
        from / blockLeaves,
        edge,
      ),
    );
  }
}

function present<T>(found: T | null | undefined): T {
  if (found == null) throw new PortalError("busy", "a row of the log is missing");
  return found;
}

/** Every full subtree that whole blocks complete. `edge`: the full subtrees left of them, the larger first. */
function nodesOf(leaves: Uint8Array[], firstBlock: number, edge: LogNode[]): LogNode[] {
  const made: LogNode[] = [];
  for (let at = 0; at < leaves.length; at += blockLeaves) {
    const hash = hashIn(leaves.slice(at, at + blockLeaves), { level: blockLevel, at: 0 });
    let node: LogNode = { level: blockLevel, at: firstBlock + at / blockLeaves, hash };
    made.push(node);
    while (edge.at(-1)?.level === node.level) {
      const left = edge.pop()!;
      node = { level: node.level + 1, at: left.at / 2, hash: nodeHash(left.hash, node.hash) };
      made.push(node);
    }
    edge.push(node);
  }
  return made;
}

/** The hash of a subtree of these leaves. */
function hashIn(leaves: readonly Uint8Array[], { level, at }: Subtree): Uint8Array {
  if (level === 0) return present(leaves[at]);
  return nodeHash(
    hashIn(leaves, { level: level - 1, at: 2 * at }),
    hashIn(leaves, { level: level - 1, at: 2 * at + 1 }),
  );
}

const nameOf = ({ level, at }: Subtree): string => `${level}.${at}`;

/** Answers the hashes of nodes, each subtree read once. */
async function readHashes(store: Store, nodes: readonly Leaves[]): Promise<(node: Leaves) => Uint8Array> {
  const wanted = new Map(nodes.flatMap(subtreesOf).map((subtree) => [nameOf(subtree), subtree]));
  const kept = [...wanted.values()].filter(({ level }) => level >= blockLevel);
  const hashes = new Map<string, Uint8Array>();
  for (const [i, hash] of (await store.findLogNodes(kept)).entries()) hashes.set(nameOf(kept[i]!), present(hash));
  const blocks = new Map<number, Uint8Array[]>();
  for (const subtree of wanted.values()) {
    if (subtree.level >= blockLevel) continue;
    const perBlock = 2 ** (blockLevel - subtree.level);
    const block = Math.floor(subtree.at / perBlock);
    const leaves =
      blocks.get(block) ?? (await store.listLeaves(block * blockLeaves, blockLeaves)).map(({ leaf }) => leaf);
    blocks.set(block, leaves);
    hashes.set(nameOf(subtree), hashIn(leaves, { ...subtree, at: subtree.at % perBlock }));
  }
  return (node) => hashOfLeaves(node, (subtree) => hashes.get(nameOf(subtree))!);
}

/** The signed note of the log at one of its sizes. */
async function checkpointAt(context: Context, size: number): Promise<string> {
  const all = { start: 0, end: size };
  const root = size === 0 ? emptyRoot : (await readHashes(context.store, [all]))(all);
  const head: TreeHead = { size, root };
  return signCheckpoint(head, context.book.requireChain().portalId, context.keys.log);
}

/** The newest checkpoint: of all days that are closed. */
export async function newestCheckpoint(context: Context): Promise<string> {
  return checkpointAt(context, await logSize(context));
}

/**
 * That the log of `from` leaves is the beginning of that of `to`: hashes of 32 bytes, none from 0 or to itself.
 * @throws PortalError "format" for what no checkpoint has, "missing" when the log has not so many leaves
 */
export async function proveConsistency(context: Context, from: number, to: number): Promise<Uint8Array[]> {
  if (from % blockLeaves !== 0 || to % blockLeaves !== 0) throw new PortalError("format", "no size of a checkpoint");
  const nodes = consistencyNodes(from, to);
  if (to > (await logSize(context))) throw new PortalError("missing", "the log is not so long");
  const hashOf = await readHashes(context.store, nodes);
  return nodes.map(hashOf);
}

/** Where a leaf stands in the log of a checkpoint, and the hashes that prove it. */
export interface Place {
  index: number;
  path: Uint8Array[];
}

/**
 * Of each leaf, in the newest checkpoint or that of `at` leaves; null where it is not in there, or none was given.
 * @throws PortalError "format" for what no checkpoint has, "missing" when the log has not so many leaves
 */
export async function proveLeaves(
  context: Context,
  leaves: readonly (Uint8Array | null)[],
  at: number | null = null,
): Promise<{ size: number; checkpoint: string; places: (Place | null)[] }> {
  const whole = await logSize(context);
  const size = at ?? whole;
  if (size % blockLeaves !== 0) throw new PortalError("format", "no size of a checkpoint");
  if (size > whole) throw new PortalError("missing", "the log is not so long");
  const found = await context.store.findLeaves(leaves.filter((leaf) => leaf !== null));
  const indices = leaves.map((leaf) => {
    const index = leaf === null ? null : found.shift();
    // A day may have ended since the size was read.
    return typeof index === "number" && index < size ? index : null;
  });
  const places = await placesIn(context.store, size, indices);
  return { size, checkpoint: await checkpointAt(context, size), places };
}

/** @throws PortalError "format" when there is no such leaf */
export async function placesIn(
  store: Store,
  size: number,
  indices: readonly (number | null)[],
): Promise<(Place | null)[]> {
  const nodes = indices.map((index) => (index === null ? [] : inclusionNodes(index, size)));
  const hashOf = await readHashes(store, nodes.flat());
  return indices.map((index, i) => (index === null ? null : { index, path: nodes[i]!.map(hashOf) }));
}
