import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { NewCase, NewEvent, PendingFeedItem, SignedRoster, Store, Upload } from "../../server/ports.ts";

/** A new folder that goes when the test ends. */
export function testFolder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "tellhaven-storage-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Random bytes without Buffer's prototype, as a store must return them. */
export function random(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

export const someDay = 20_000;

export function feedItem(memberId: number): PendingFeedItem {
  return { memberId, itemId: random(16), ctx: random(32), slot: random(1216) };
}

export function newCase(parts: Partial<NewCase> = {}): NewCase {
  return {
    row: { idx: random(32), vaultPk: random(32), version: 1, state: random(600) },
    event: { rowKey: random(16), envKey: random(16), sealed: random(2000) },
    tokenHash: random(32),
    feed: [feedItem(1)],
    leaf: random(32),
    day: someDay,
    receipt: random(148),
    object: null,
    ...parts,
  };
}

/** The next change of a case that stands at `version`. */
export function newEvent(idx: Uint8Array, version: number, parts: Partial<NewEvent> = {}): NewEvent {
  return {
    idx,
    expectedVersion: version,
    state: random(600),
    event: { rowKey: random(16), envKey: random(16), sealed: random(2000) },
    tokenHash: null,
    object: null,
    leaf: random(32),
    day: someDay,
    ...parts,
  };
}

export function newUpload(parts: Partial<Upload> = {}): Upload {
  return {
    envId: random(16),
    ticketHash: random(32),
    length: 1000,
    received: 0,
    hash: null,
    day: someDay,
    claimed: false,
    ...parts,
  };
}

export async function completeUpload(store: Store): Promise<Uint8Array> {
  const upload = newUpload();
  await store.reserveUpload(upload, 1e9);
  await store.advanceUpload(upload.envId, 0, upload.length, random(32));
  return upload.envId;
}

export function roster(epoch: number): SignedRoster {
  return { epoch, bytes: random(300), signature: random(200) };
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** One part in several chunks. */
export async function* inChunks(...chunks: Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}

/** Versions written in turn, and what the store must say to each: each is the next, from 1. */
export const versionsInTurn = [
  ["from version 1", [1, 2], ["stored", "stored"]],
  ["not from version 2", [2], ["conflict"]],
  ["not twice", [1, 1], ["stored", "conflict"]],
  ["not with a gap", [1, 3], ["stored", "conflict"]],
  ["not backwards", [1, 2, 1], ["stored", "stored", "conflict"]],
] as const;
