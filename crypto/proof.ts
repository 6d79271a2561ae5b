/**
 * PROTOCOL.md §18: a proof of filing, a small JSON file that its owner may show. It says that
 * somebody filed here, and on which day; not what, and nothing that opens it.
 */
import { equal, fromBase64, fromHex, toBase64, toHex, utf8 } from "./bytes.ts";
import { orNull, PortalError } from "./errors.ts";
import { formatReceipt, parseReceipt, receiptBytes, verifyReceipt, type Receipt } from "./log.ts";
import { verifyMinisign } from "./minisign.ts";
import { rosterHashOf, type RosterChain, type SignedRosterBytes } from "./roster.ts";
import { hexOf, parseJson, textUpTo, z } from "./shape.ts";

const format = "tellhaven-proof-1";
/** Characters of a file; a roster of some hundred members fits. */
export const longestProof = 4_000_000;

export interface Proof {
  portalId: Uint8Array;
  /** 32 bytes: names the report without saying anything of it. */
  envelopeHash: Uint8Array;
  receipt: Receipt;
  /** The roster that was in force: the charter's word for the log's key. */
  roster: SignedRosterBytes;
}

const proofShape = z.strictObject({
  format: z.literal(format),
  /** For people; part of no check. */
  about: textUpTo(2000),
  portal: hexOf(32),
  envelope: hexOf(32),
  receipt: textUpTo(200),
  roster: z.strictObject({ bytes: textUpTo(longestProof), signature: textUpTo(4000) }),
});

/** Why a proof proves nothing here. */
export type ProofProblem = "format" | "portal" | "roster" | "receipt" | "future";
export type ProofCheck = { is: "proved"; day: number; organisation: string } | { is: "refused"; why: ProofProblem };

/** The file's text. `about`: a sentence that tells whoever finds the file what it is. */
export function formatProof({ portalId, envelopeHash, receipt, roster }: Proof, about: string): string {
  const content = {
    format,
    about,
    portal: toHex(portalId),
    envelope: toHex(envelopeHash),
    receipt: toBase64(formatReceipt(receipt)),
    roster: { bytes: toBase64(roster.bytes), signature: toBase64(roster.signature) },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** @throws PortalError "format" */
export function parseProof(text: string): Proof {
  if (text.length > longestProof) throw new PortalError("format", "a proof is not so long");
  // Copied out of a mail or an editor it may have gained a byte order mark or blank lines.
  const content = parseJson(proofShape, utf8(text.replace(/^\uFEFF/, "").trim()), "proof of filing");
  return {
    portalId: fromHex(content.portal),
    envelopeHash: fromHex(content.envelope),
    receipt: parseReceipt(fromBase64(content.receipt, receiptBytes)),
    roster: { bytes: fromBase64(content.roster.bytes), signature: fromBase64(content.roster.signature) },
  };
}

/** Checks a file against the portal whose verified chain this is. `today`: day number, UTC. */
export function checkProof(text: string, chain: RosterChain, today: number): ProofCheck {
  const refused = (why: ProofProblem): ProofCheck => ({ is: "refused", why });
  const proof = orNull(() => parseProof(text));
  if (proof === null) return refused("format");
  const { portalId, envelopeHash, receipt } = proof;
  if (!equal(portalId, chain.portalId)) return refused("portal");
  const hash = rosterHashOf(proof.roster.bytes);
  const roster = chain.rosters.find((each) => equal(each.hash, hash));
  if (roster === undefined) return refused("roster");
  const { bytes, signature } = proof.roster;
  if (orNull(() => verifyMinisign(bytes, signature, fromBase64(roster.charterKey, 32))) === null)
    return refused("roster");
  const holds = orNull(() => {
    verifyReceipt(receipt, envelopeHash, portalId, fromBase64(roster.logKey, 32));
    return true;
  });
  if (holds === null) return refused("receipt");
  // One day more: where the clock of whoever checks is behind.
  if (receipt.day > today + 1) return refused("future");
  return { is: "proved", day: receipt.day, organisation: roster.organisation };
}
