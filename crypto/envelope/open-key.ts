/**
 * PROTOCOL.md §13: what a member can take of a new key without the stream it stands in: for lists of many cases. What
 * is written under it is written after all of the stream was verified.
 */
import { equal, fromBase64 } from "../bytes.ts";
import { conversationShapes, parseContent } from "../content.ts";
import { PortalError } from "../errors.ts";
import { parseCaseKey, type CaseKey, type MemberSecrets } from "../keys.ts";
import { rosterByHash, type RosterChain } from "../roster.ts";
import { openSlot, slotCtx } from "../slot.ts";
import { openBody, openMembersContent } from "./open.ts";
import { commitOf } from "./seal.ts";
import { kinds, type Envelope, type Header } from "./wire.ts";

/**
 * The key in this member's slot of a rekey or of a team key, from the header alone; null: not for them.
 * @throws PortalError "forged" when the header names another key
 */
export function openKeySlot(
  header: Header,
  slot: Uint8Array,
  chain: RosterChain,
  personId: number,
  secrets: MemberSecrets,
): Uint8Array | null {
  if (!equal(header.portalId, chain.portalId)) throw new PortalError("forged", "made for another portal");
  const { recipients } = rosterByHash(chain, header.rosterHash);
  const index = recipients.findIndex((member) => member.id === personId);
  const member = recipients[index];
  if (member === undefined) return null;
  const key = openSlot(slot, slotCtx({ ...header, kind: kinds[header.kind] }, index, member.keys), secrets);
  if (key === null) return null;
  if (!equal(header.commit, commitOf(parseCaseKey(key), header)))
    throw new PortalError("forged", "a slot carries another key than its envelope");
  return key;
}

/**
 * The case key that follows `last`, from a rekey without its slots and this member's own; null: not for them. Anybody
 * can seal a made-up key to a member; that it follows is believed of who knew the last one and signed.
 * @throws PortalError "forged" | "format"
 */
export function openNextCaseKey(
  rekey: Envelope,
  slot: Uint8Array,
  last: CaseKey,
  chain: RosterChain,
  personId: number,
  secrets: MemberSecrets,
): CaseKey | null {
  const { header } = rekey;
  if (header.kind !== "rekey") throw new PortalError("forged", "another kind of envelope");
  const given = openKeySlot(header, slot, chain, personId, secrets);
  if (given === null) return null;
  const key = parseCaseKey(given);
  const { json } = openMembersContent(rekey, openBody(rekey, key), rosterByHash(chain, header.rosterHash), "rekey");
  const { previous, readers } = parseContent(conversationShapes.rekey, "rekey", json);
  if (!equal(fromBase64(previous), last)) throw new PortalError("forged", "a new key by somebody without the last");
  return readers.includes(personId) ? key : null;
}
