/** PROTOCOL.md §13: what can be checked of an envelope without any secret, by server and clients alike. */
import { equal } from "../bytes.ts";
import { PortalError } from "../errors.ts";
import { caseIdOf, checkKemKey } from "../keys.ts";
import { rosterByHash, type Roster, type RosterChain } from "../roster.ts";
import { verify } from "../signature.ts";
import { slotsHashOf } from "../slot.ts";
import { hasRow, isReporters, reporterSignedParts, type Envelope } from "./wire.ts";

/**
 * Portal, roster, case id, mailbox signature, slot row. Answers the roster it was made under.
 * `mailboxSign`: the case's reporter; not looked at for what members wrote.
 * @throws PortalError "forged"; "format" for a malformed mailbox key
 */
export function checkEnvelope(envelope: Envelope, chain: RosterChain, mailboxSign: Uint8Array): Roster {
  const { header, slots } = envelope;
  if (!equal(header.portalId, chain.portalId)) throw new PortalError("forged", "made for another portal");
  const roster = rosterByHash(chain, header.rosterHash);
  if (header.report !== null) {
    const { mailboxSign: signKey, mailboxKem } = header.report;
    if (!equal(header.caseId, caseIdOf(header.portalId, signKey, mailboxKem)) || !equal(signKey, mailboxSign))
      throw new PortalError("forged", "the case id does not come from these mailbox keys");
    // Later keys are sealed to it: were it malformed, the case could not be closed to a former reader.
    checkKemKey(mailboxKem);
  }
  if (isReporters(header.kind)) {
    const parts = reporterSignedParts(envelope.headerBytes, envelope.chunks);
    const label = header.kind === "report" ? "report" : "message";
    verify(envelope.signature ?? new Uint8Array(), mailboxSign, label, ...parts);
  }
  const expectedSlots = hasRow(header.kind) ? roster.recipients.length : 0;
  if (header.slotCount !== expectedSlots || !equal(header.slotsHash, slotsHashOf(slots)))
    throw new PortalError("forged", "the slots do not fit");
  return roster;
}
