/** A case as the server keeps it: vault-sealed, opened for the length of one request. */
import { concat, equal, fromHex, toHex, u8, utf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { base64Of, count, hexOf, parseJson, parseShape, z } from "../../crypto/shape.ts";
import type { KeyPair } from "../../crypto/sodium.ts";
import { caseIndex, envelopeKey, openFromVault, openVault, rowKey, sealToVault } from "../../crypto/vault.ts";
import {
  formatEnvelopeWithSlots,
  parseEnvelope,
  streamOf,
  type Envelope,
  type Kind,
  type Stream,
} from "../../crypto/envelope/wire.ts";
import { noReminder } from "../domain/reminder.ts";
import type { CaseRow, EventRow } from "../ports.ts";
import type { Context } from "./context.ts";

const tip = z.strictObject({ length: count, hash: hexOf(32) });

/**
 * Bytes of envelopes with slots that each side may write into one case. Whoever reads a case is
 * given it whole, so it must fit into memory many times over. Sides are counted apart: who fills
 * their own does not silence the other, and keys that shut a former reader out always find room.
 */
const mostWritten = {
  reporter: 8 * 1024 * 1024,
  members: 8 * 1024 * 1024,
  team: 16 * 1024 * 1024,
  keys: 8 * 1024 * 1024,
};

export const nothingWritten = { reporter: 0, members: 0, team: 0, keys: 0 };

const stateShape = z.strictObject({
  caseId: hexOf(32),
  /** Day number; the finest time that is kept. */
  receivedOn: count,
  phase: z.enum(["received", "open", "closed"]),
  hold: z.boolean(),
  /** The one date per case that the server holds of what is due; see domain/reminder.ts. */
  reminder: z._default(
    z.strictObject({ on: z.nullable(count), second: z.nullable(count), told: z.nullable(count) }),
    noReminder,
  ),
  /** The day of the first reply, for the counts that are published; see heartbeat.ts. */
  firstReplyOn: z._default(z.nullable(count), null),
  /** The day of the reporter's last message after the report. */
  heardOn: z._default(z.nullable(count), null),
  /** When a closed case is deleted by itself. */
  deleteOn: z._default(z.nullable(count), null),
  mailboxSign: hexOf(32),
  caseTokenHash: hexOf(32),
  teamTokenHash: z.nullable(hexOf(32)),
  conversation: tip,
  team: tip,
  /** Epochs of the case key and of the team key. */
  keyEpoch: z._default(count, 0),
  teamKeyEpoch: z._default(count, 0),
  /** Where in the team's stream its newest key stands. */
  teamKeySeq: z._default(count, 0),
  /** Each key that was replaced: its stream, the hash of its token, and where in the stream its successor stands. */
  rekeys: z._default(
    z.array(z.strictObject({ stream: z.union([z.literal(0), z.literal(1)]), tokenHash: hexOf(32), seq: count })),
    [],
  ),
  /** Bytes so far. Cases from before this was counted begin at nothing. */
  written: z._default(
    z.strictObject({ reporter: count, members: count, team: count, keys: z._default(count, 0) }),
    nothingWritten,
  ),
  /** What a console needs to check a feed item before it asks for the report. */
  report: z.strictObject({
    rosterHash: hexOf(32),
    envId: hexOf(16),
    keyEpoch: count,
    flags: count,
    summary: base64Of(552),
  }),
  summary: z.nullable(z.strictObject({ version: count, bytes: base64Of(552) })),
  /** The filing's log leaf is blinded with this. */
  blinding: hexOf(32),
});

/** Never law, category or disposition: the server has no such field. */
export type CaseState = z.infer<typeof stateShape>;

export interface LoadedCase {
  row: CaseRow;
  vault: KeyPair;
  state: CaseState;
}

/** @throws PortalError "format" for what openCase would not take: nothing is stored that would shut the case for good */
export function sealState(state: CaseState, vaultPublicKey: Uint8Array): Uint8Array {
  return sealToVault(utf8(JSON.stringify(parseShape(stateShape, state, "case state"))), vaultPublicKey);
}

/** Of the body of a new key's envelope: it names its readers, and nothing else. */
const longestNewKey = 40 * 1024;

/** What is written once this envelope is in. @throws PortalError "large" when its writers' side is full */
export function writtenWith(written: CaseState["written"], envelope: Envelope): CaseState["written"] {
  const side = sideOf(envelope.header.kind);
  if (side === "keys" && envelope.chunks.length > longestNewKey)
    throw new PortalError("large", "a new key is not so long");
  const bytes = written[side] + formatEnvelopeWithSlots(envelope).length;
  if (bytes > mostWritten[side]) throw new PortalError("large", "the case takes no more of this");
  return { ...written, [side]: bytes };
}

function sideOf(kind: Kind): keyof CaseState["written"] {
  if (kind === "message") return "reporter";
  if (kind === "rekey" || kind === "teamrekey") return "keys";
  return streamOf(kind) === 0 ? "members" : "team";
}

/** Bytes of a stream's envelopes, at most: keys of either stream are counted together. */
export function streamBytes({ written }: CaseState, stream: Stream): number {
  return written.keys + (stream === 0 ? written.reporter + written.members : written.team);
}

/** What the keyring keeps of a case: vault public key 32 ‖ sealed secret. */
export function formatKeyringEntry(publicKey: Uint8Array, sealedSecret: Uint8Array): Uint8Array {
  return concat(publicKey, sealedSecret);
}

export function vaultKeyOf(entry: Uint8Array): Uint8Array {
  return entry.slice(0, 32);
}

export function openCase(context: Context, row: CaseRow, entry: Uint8Array | null): LoadedCase {
  if (entry === null) throw new PortalError("missing", "the case was deleted");
  const vault = openVault(entry.subarray(32), vaultKeyOf(entry), context.keys.box);
  const state = parseJson(stateShape, openFromVault(row.state, vault), "case state");
  return { row, vault, state };
}

/** Replaces the state and nothing else. False: somebody else changed the case in between. */
export async function storeState(context: Context, { row, vault }: LoadedCase, state: CaseState): Promise<boolean> {
  const outcome = await context.store.changeCase({
    idx: row.idx,
    expectedVersion: row.version,
    state: sealState(state, vault.publicKey),
    event: null,
    tokenHash: null,
    object: null,
    leaf: null,
    day: context.clock.today(),
  });
  return outcome === "stored";
}

/** The case, or null when there is none. */
export async function findCase(context: Context, caseId: Uint8Array): Promise<LoadedCase | null> {
  const idx = caseIndex(context.keys.index, caseId);
  const [row, entry] = await Promise.all([context.store.findCase(idx), context.keyring.find(idx)]);
  return row === null || entry === null ? null : openCase(context, row, entry);
}

/** As openCase; a damaged case must not hide the others. */
export function tryOpenCase(context: Context, row: CaseRow, entry: Uint8Array | null): LoadedCase | "damaged" {
  try {
    return openCase(context, row, entry);
  } catch (error) {
    if (error instanceof PortalError) return "damaged";
    throw error;
  }
}

/** Several cases by token hash, null where a token leads nowhere. Lets other requests in between. */
export async function findCasesByToken(
  context: Context,
  tokenHashes: Uint8Array[],
): Promise<(LoadedCase | "damaged" | null)[]> {
  const rows = await context.store.findCasesByToken(tokenHashes);
  const present = rows.filter((row) => row !== null);
  const entries = await context.keyring.findMany(present.map((row) => row.idx));
  const byIdx = new Map(present.map((row, i) => [toHex(row.idx), entries[i] ?? null]));
  const cases: (LoadedCase | "damaged" | null)[] = [];
  for (const [i, row] of rows.entries()) {
    const entry = row === null ? null : (byIdx.get(toHex(row.idx)) ?? null);
    cases.push(row === null || entry === null ? null : tryOpenCase(context, row, entry));
    if (i % 32 === 31) await new Promise((resolve) => setImmediate(resolve));
  }
  return cases;
}

/**
 * The case behind a case token. A wrong token and a missing case answer the same.
 * @throws PortalError "missing"; "conflict" for the token of a key that was replaced
 */
export async function requireCase(context: Context, caseId: Uint8Array, tokenHash: Uint8Array): Promise<LoadedCase> {
  const found = await findCase(context, caseId);
  if (found === null) throw new PortalError("missing", "no such case, or not yours");
  requireToken(found.state, 0, found.state.caseTokenHash, tokenHash);
  return found;
}

function requireToken({ rekeys }: CaseState, stream: Stream, current: string, given: Uint8Array): void {
  const hash = toHex(given);
  if (hash === current) return;
  if (rekeys.some((each) => each.stream === stream && each.tokenHash === hash))
    throw new PortalError("conflict", "there is a newer key");
  throw new PortalError("missing", "no such case, or not yours");
}

/** @throws PortalError "missing"; "conflict" for the token of a key that was replaced */
export function requireTeamToken({ state }: LoadedCase, tokenHash: Uint8Array): void {
  requireToken(state, 1, state.teamTokenHash ?? "", tokenHash);
}

/** What is stored of an envelope. */
export interface Stored {
  /** Of its log leaf, 32 bytes; null: the report's, which the state has, and of envelopes from before it was kept. */
  blinding: Uint8Array | null;
  /** Envelope ‖ slots. */
  envelope: Uint8Array;
}

/** Begins what has a blinding. An envelope alone begins with its magic's "T". */
const blindingFollows = 1;

function formatStored({ blinding, envelope }: Stored): Uint8Array {
  return blinding === null ? envelope : concat(u8(blindingFollows), blinding, envelope);
}

/** Of what opened from the vault. */
export function parseStored(bytes: Uint8Array): Stored {
  if (bytes[0] !== blindingFollows) return { blinding: null, envelope: bytes };
  return { blinding: bytes.slice(1, 33), envelope: bytes.slice(33) };
}

/** How an envelope is stored. `blinding`: as in Stored; it goes with the case, so that its leaf then says nothing. */
export function eventRow(
  context: Context,
  envelope: Envelope,
  blinding: Uint8Array | null,
  vaultPublicKey: Uint8Array,
): EventRow {
  const { caseId, envId, seq } = envelope.header;
  const stored = formatStored({ blinding, envelope: formatEnvelopeWithSlots(envelope) });
  return {
    rowKey: rowKey(context.keys.index, caseId, streamNumber(envelope), seq),
    envKey: envelopeKey(context.keys.index, envId),
    sealed: sealToVault(stored, vaultPublicKey),
  };
}

function streamNumber(envelope: Envelope): number {
  return envelope.headerBytes[7]!; // PROTOCOL.md §12: the stream's byte, checked by parseEnvelope
}

/** The envelope with this id, null when the case has none: one row is read, however long the case is. */
export async function findEnvelope(context: Context, found: LoadedCase, envId: Uint8Array): Promise<Envelope | null> {
  const sealed = await context.store.findEventByEnvelope(envelopeKey(context.keys.index, envId));
  if (sealed === null) return null;
  try {
    const envelope = parseEnvelope(parseStored(openFromVault(sealed, found.vault)).envelope);
    return equal(envelope.header.caseId, fromHex(found.state.caseId)) ? envelope : null;
  } catch {
    return null; // sealed to another case's vault
  }
}

const readAtOnce = 16;

/**
 * What is stored of a stream from `from` on, oldest first.
 * @throws PortalError "forged" when one is damaged or gone, "missing" when the case was deleted meanwhile
 */
export async function* readStored(
  context: Context,
  found: LoadedCase,
  stream: Stream,
  from: number,
  to: number,
): AsyncGenerator<Stored> {
  const caseId = fromHex(found.state.caseId);
  const keys = Array.from({ length: Math.max(0, to - from) }, (_, i) =>
    rowKey(context.keys.index, caseId, stream, from + i),
  );
  // A few at a time: the sealed ones are not all in memory at once, and other requests go in between.
  for (let i = 0; i < keys.length; i += readAtOnce) {
    for (const sealed of await context.store.findEvents(keys.slice(i, i + readAtOnce))) {
      if (sealed === null) throw await whyGone(context, found);
      yield parseStored(openFromVault(sealed, found.vault));
    }
  }
}

/** Envelopes with their slots, as readStored(). */
export async function readEnvelopes(
  context: Context,
  found: LoadedCase,
  stream: Stream,
  from: number,
  to: number,
): Promise<Uint8Array[]> {
  const envelopes: Uint8Array[] = [];
  for await (const { envelope } of readStored(context, found, stream, from, to)) envelopes.push(envelope);
  return envelopes;
}

async function whyGone(context: Context, { row }: LoadedCase): Promise<PortalError> {
  if ((await context.store.findCase(row.idx)) === null) return new PortalError("missing", "the case was deleted");
  return new PortalError("forged", "a stored envelope is gone");
}
