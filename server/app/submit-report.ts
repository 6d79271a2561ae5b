/** Accepting a first disclosure: PROTOCOL.md §13, "Server accepts a report", step by step. */
import { concat, equal, toBase64, toHex } from "../../crypto/bytes.ts";
import { checkEnvelope } from "../../crypto/envelope/check.ts";
import {
  envelopeHashOf,
  flagUrgent,
  formatEnvelopeWithSlots,
  kinds,
  parseEnvelope,
  type Envelope,
  type ReportPart,
} from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { newFeedItem } from "../../crypto/feed.ts";
import { hash } from "../../crypto/hash.ts";
import { blindLeaf, formatReceipt, signReceipt } from "../../crypto/log.ts";
import type { Roster } from "../../crypto/roster.ts";
import { slotCtx } from "../../crypto/slot.ts";
import { decryptX, encryptX, randomBytes } from "../../crypto/sodium.ts";
import { caseIndex, envelopeKey, generateVault } from "../../crypto/vault.ts";
import { firstReminder } from "../domain/reminder.ts";
import type { Admission, NewCase, PendingFeedItem } from "../ports.ts";
import { eventRow, formatKeyringEntry, nothingWritten, sealState, vaultKeyOf, type CaseState } from "./case-state.ts";
import type { Context } from "./context.ts";
import { publishAtOnce } from "./publish-feed.ts";
import { requireObject, requireSpace } from "./upload-object.ts";

const noBytes = new Uint8Array(32);

/**
 * Takes envelope ‖ slots, answers the receipt (132 bytes) once everything is durable. The same
 * bytes again get the same receipt, and nothing is stored twice.
 * `pay`: is asked before anything that costs, but after that; may throw.
 * @throws PortalError "format" | "forged" | "closed" | "superseded" | "conflict" | "full" | "busy"
 */
export async function submitReport(
  context: Context,
  bytes: Uint8Array,
  pay: (envId: Uint8Array) => void,
): Promise<Uint8Array> {
  const envelope = parseEnvelope(bytes);
  const { header } = envelope;
  if (header.report === null || header.keyEpoch !== 0) throw new PortalError("format", "not a report");
  const chain = context.book.requireChain();
  if (!equal(header.portalId, chain.portalId)) throw new PortalError("forged", "made for another portal");
  const earlier = await findReceipt(context, envelope, bytes);
  if (earlier !== null) return earlier;
  if (!context.book.intakeOpen) throw new PortalError("closed", "intake is not open");
  pay(header.envId);
  if (!equal(header.rosterHash, chain.current.hash))
    throw new PortalError("superseded", "sealed under an older roster");
  checkEnvelope(envelope, chain, header.report.mailboxSign);
  const object = await requireObject(context, header);
  await requireSpace(context);
  const { receipt, admission } = await admit(context, envelope, header.report, chain.current, object, bytes);
  // Only whoever stored it tells: the same bytes again would not be news.
  if (admission === "stored" && (header.flags & flagUrgent) !== 0) context.messenger.urgent(chain.current);
  await publishAtOnce(context);
  return receipt;
}

async function admit(
  context: Context,
  envelope: Envelope,
  report: ReportPart,
  roster: Roster,
  object: Uint8Array | null,
  bytes: Uint8Array,
): Promise<{ receipt: Uint8Array; admission: Admission }> {
  const { header } = envelope;
  const idx = caseIndex(context.keys.index, header.caseId);
  const vault = generateVault(context.keys.box.publicKey);
  // Durable before the case, and the first entry stays: an identical submission that runs beside
  // this one must seal to the same vault. An entry without a case is harmless.
  const entry = await context.keyring.put(idx, formatKeyringEntry(vault.publicKey, vault.sealedSecret));
  const vaultKey = vaultKeyOf(entry);
  const day = context.clock.today();
  const leaf = blindLeaf({ name: "filed", envelopeHash: envelopeHashOf(envelope) });
  const receipt = formatReceipt(signReceipt(leaf, day, header.portalId, context.keys.log));
  const newCase: NewCase = {
    row: {
      idx,
      vaultPk: vaultKey,
      version: 0,
      state: sealState(firstState(envelope, report, day, leaf.blinding), vaultKey),
    },
    event: eventRow(context, envelope, null, vaultKey),
    tokenHash: header.tokenHash,
    feed: feedItems(envelope, roster),
    leaf: leaf.leaf,
    day,
    receipt: sealReceipt(receipt, bytes),
    object,
  };
  context.book.requireCurrent(header.rosterHash); // somebody may have been removed since it was looked at
  const admission = await context.store.admitCase(newCase);
  if (admission === "stored") return { receipt, admission };
  const known = await findReceipt(context, envelope, bytes);
  if (known === null) throw new PortalError("conflict", "another report has this case id or envelope id");
  return { receipt: known, admission };
}

function firstState(envelope: Envelope, report: ReportPart, day: number, blinding: Uint8Array): CaseState {
  const { header } = envelope;
  return {
    caseId: toHex(header.caseId),
    receivedOn: day,
    phase: "received",
    hold: false,
    reminder: firstReminder(day),
    firstReplyOn: null,
    heardOn: null,
    deleteOn: null,
    mailboxSign: toHex(report.mailboxSign),
    caseTokenHash: toHex(header.tokenHash),
    teamTokenHash: null,
    conversation: { length: 1, hash: toHex(envelopeHashOf(envelope)) },
    team: { length: 0, hash: toHex(noBytes) },
    keyEpoch: 0,
    teamKeyEpoch: 0,
    teamKeySeq: 0,
    rekeys: [],
    written: { ...nothingWritten, reporter: formatEnvelopeWithSlots(envelope).length },
    report: {
      rosterHash: toHex(header.rosterHash),
      envId: toHex(header.envId),
      keyEpoch: header.keyEpoch,
      flags: header.flags,
      summary: toBase64(report.summary),
    },
    summary: null,
    blinding: toHex(blinding),
  };
}

/** Every recipient gets an item, the excluded too: theirs is a dummy, which the server cannot tell. */
function feedItems(envelope: Envelope, roster: Roster): PendingFeedItem[] {
  const of = { ...envelope.header, kind: kinds[envelope.header.kind] };
  return roster.recipients.map((member, i) => ({
    memberId: member.id,
    ...newFeedItem(slotCtx(of, i, member.keys), envelope.slots[i]!),
  }));
}

/** Intake cannot read back its vaulted blinding, so it keeps the receipt under a hash of the envelope. */
function receiptKey(bytes: Uint8Array): Uint8Array {
  return hash(32, null, "th1/receipt-key", bytes);
}

function sealReceipt(receipt: Uint8Array, bytes: Uint8Array): Uint8Array {
  const nonce = randomBytes(24);
  return concat(nonce, encryptX(receipt, nonce, noBytes, receiptKey(bytes)));
}

/**
 * The receipt of exactly these bytes; null when the envelope id is new.
 * @throws PortalError "conflict" when the id was used by other bytes
 */
async function findReceipt(context: Context, envelope: Envelope, bytes: Uint8Array): Promise<Uint8Array | null> {
  const sealed = await context.store.findReceipt(envelopeKey(context.keys.index, envelope.header.envId));
  if (sealed === null) return null;
  try {
    return decryptX(sealed.subarray(24), sealed.subarray(0, 24), noBytes, receiptKey(bytes));
  } catch (cause) {
    throw new PortalError("conflict", "another report has this envelope id", { cause });
  }
}
