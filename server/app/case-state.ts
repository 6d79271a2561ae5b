/** A case as the server keeps it: vault-sealed, opened for the length of one request. */
import { concat, equal, fromHex, toHex, utf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { base64Of, count, hexOf, parseJson, parseShape, z } from "../../crypto/shape.ts";
import type { KeyPair } from "../../crypto/sodium.ts";
import { caseIndex, envelopeKey, openFromVault, openVault, rowKey, sealToVault } from "../../crypto/vault.ts";
import { formatEnvelopeWithSlots, parseEnvelope, type Envelope, type Stream } from "../../crypto/envelope/wire.ts";
import { noReminder } from "../domain/reminder.ts";
import type { CaseRow, EventRow } from "../ports.ts";
import type { Context } from "./context.ts";

const tip = z.strictObject({ length: count, hash: hexOf(32) });

/**
 * Bytes of envelopes with slots that each side may write into one case. Whoever reads a case is
 * given it whole, so it must fit into memory many times over. Sides are counted apart: who fills
 * their own does not silence the other.
 */
const mostWritten = { reporter: 8 * 1024 * 1024, members: 8 * 1024 * 1024, team: 16 * 1024 * 1024 };

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
  /** Bytes so far. Cases from before this was counted begin at nothing. */
  written: z._default(z.strictObject({ reporter: count, members: count, team: count }), {
    reporter: 0,
    members: 0,
    team: 0,
  }),
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

/** What is written once this envelope is in. @throws PortalError "large" when its writers' side is full */
export function writtenWith(written: CaseState["written"], envelope: Envelope): CaseState["written"] {
  const { kind } = envelope.header;
  const side = kind === "message" ? "reporter" : kind === "reply" ? "members" : "team";
  const bytes = written[side] + formatEnvelopeWithSlots(envelope).length;
  if (bytes > mostWritten[side]) throw new PortalError("large", "the case takes no more of this");
  return { ...written, [side]: bytes };
}

/** Bytes of a stream's envelopes. */
export function streamBytes({ written }: CaseState, stream: Stream): number {
  return stream === 0 ? written.reporter + written.members : written.team;
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

/** The case behind a case token. A wrong token and a missing case answer the same. @throws PortalError "missing" */
export async function requireCase(context: Context, caseId: Uint8Array, tokenHash: Uint8Array): Promise<LoadedCase> {
  const found = await findCase(context, caseId);
  if (found === null || !equal(fromHex(found.state.caseTokenHash), tokenHash))
    throw new PortalError("missing", "no such case, or not yours");
  return found;
}

/** @throws PortalError "missing" */
export function requireTeamToken(found: LoadedCase, tokenHash: Uint8Array): void {
  const { teamTokenHash } = found.state;
  if (teamTokenHash === null || !equal(fromHex(teamTokenHash), tokenHash))
    throw new PortalError("missing", "no such case, or not yours");
}

/** How an envelope is stored. */
export function eventRow(context: Context, envelope: Envelope, vaultPublicKey: Uint8Array): EventRow {
  const { caseId, envId, seq } = envelope.header;
  return {
    rowKey: rowKey(context.keys.index, caseId, streamNumber(envelope), seq),
    envKey: envelopeKey(context.keys.index, envId),
    sealed: sealToVault(formatEnvelopeWithSlots(envelope), vaultPublicKey),
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
    const envelope = parseEnvelope(openFromVault(sealed, found.vault));
    return equal(envelope.header.caseId, fromHex(found.state.caseId)) ? envelope : null;
  } catch {
    return null; // sealed to another case's vault
  }
}

const readAtOnce = 16;

/**
 * Envelopes with their slots from `from` on, oldest first.
 * @throws PortalError "forged" when one is damaged or gone, "missing" when the case was deleted meanwhile
 */
export async function readEnvelopes(
  context: Context,
  found: LoadedCase,
  stream: Stream,
  from: number,
  to: number,
): Promise<Uint8Array[]> {
  const caseId = fromHex(found.state.caseId);
  const keys = Array.from({ length: Math.max(0, to - from) }, (_, i) =>
    rowKey(context.keys.index, caseId, stream, from + i),
  );
  const envelopes: Uint8Array[] = [];
  // A few at a time: the sealed ones are not all in memory at once, and other requests go in between.
  for (let i = 0; i < keys.length; i += readAtOnce) {
    for (const sealed of await context.store.findEvents(keys.slice(i, i + readAtOnce))) {
      if (sealed === null) throw await whyGone(context, found);
      envelopes.push(openFromVault(sealed, found.vault));
    }
  }
  return envelopes;
}

async function whyGone(context: Context, { row }: LoadedCase): Promise<PortalError> {
  if ((await context.store.findCase(row.idx)) === null) return new PortalError("missing", "the case was deleted");
  return new PortalError("forged", "a stored envelope is gone");
}
