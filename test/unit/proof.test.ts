import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64, toHex } from "../../crypto/bytes.ts";
import { blindLeaf, formatReceipt, signReceipt } from "../../crypto/log.ts";
import { checkProof, formatProof, parseProof, type Proof } from "../../crypto/proof.ts";
import { randomBytes, sodium } from "../../crypto/sodium.ts";
import { makeOrganisation } from "../support/fixtures.ts";

const log = (): { publicKey: Uint8Array; secretKey: Uint8Array } => {
  const { publicKey, privateKey } = sodium.crypto_sign_keypair();
  return { publicKey, secretKey: privateKey };
};
const ours = makeOrganisation("Ours", log());
const theirs = makeOrganisation("Theirs", log());
const someDay = 20_780;

function proofOf(organisation = ours, change: Partial<Proof> = {}, day = someDay, key = organisation.log): Proof {
  const envelopeHash = randomBytes(32);
  const leaf = blindLeaf({ name: "filed", envelopeHash });
  const receipt = signReceipt(leaf, day, organisation.portalId, key);
  return { portalId: organisation.portalId, envelopeHash, receipt, roster: organisation.signed[1]!, ...change };
}

const proof = proofOf();
const text = formatProof(proof, "Somebody filed.");
const check = (given: string): string => {
  const found = checkProof(given, ours.chain, someDay);
  return found.is === "proved" ? "proved" : found.why;
};
type Json = Record<string, string> & { roster: Record<string, string> };
const changed = (change: (json: Json) => void): string => {
  const json = JSON.parse(text) as Json;
  change(json);
  return JSON.stringify(json);
};
/** Flips one bit in the middle of bytes written as base64. */
const flipped = (base64: string, at?: number): string => {
  const bytes = Buffer.from(base64, "base64");
  bytes[at ?? bytes.length >> 1]! ^= 1;
  return bytes.toString("base64");
};

test("a proof says the day and who, and comes back as it was", () => {
  assert.deepEqual(checkProof(text, ours.chain, someDay), { is: "proved", day: someDay, organisation: "Ours" });
  assert.deepEqual(formatReceipt(parseProof(text).receipt), formatReceipt(proof.receipt));
  assert.equal(check(`\uFEFF\n${text}\n\n`), "proved");
  assert.equal(check(changed((json) => (json["about"] = "Other words"))), "proved");
});

const receipt = toBase64(formatReceipt(proof.receipt));
for (const [what, why, given] of [
  ["nothing", "format", ""],
  ["other text", "format", "hello"],
  ["another format", "format", changed((json) => (json["format"] = "tellhaven-proof-2"))],
  ["a field too many", "format", changed((json) => (json["more"] = "x"))],
  ["a field too few", "format", changed((json) => delete json["envelope"])],
  ["a receipt that is too short", "format", changed((json) => (json["receipt"] = receipt.slice(4)))],
  ["another portal's id", "portal", changed((json) => (json["portal"] = toHex(theirs.portalId)))],
  ["another portal's proof", "portal", formatProof(proofOf(theirs), "")],
  ["another envelope", "receipt", changed((json) => (json["envelope"] = "ab".repeat(32)))],
  ["another leaf", "receipt", changed((json) => (json["receipt"] = flipped(receipt, 3)))],
  ["another blinding", "receipt", changed((json) => (json["receipt"] = flipped(receipt, 40)))],
  ["another day", "receipt", changed((json) => (json["receipt"] = flipped(receipt, 64)))],
  ["another signature", "receipt", changed((json) => (json["receipt"] = flipped(receipt, 100)))],
  ["another roster", "roster", changed((json) => (json.roster["bytes"] = flipped(json.roster["bytes"]!)))],
  ["another portal's roster", "roster", formatProof(proofOf(ours, { roster: theirs.signed[1]! }), "")],
  [
    "another signature under the roster",
    "roster",
    changed((json) => (json.roster["signature"] = flipped(json.roster["signature"]!, 90))),
  ],
  ["another log's signature", "receipt", formatProof(proofOf(ours, {}, someDay, theirs.log), "")],
  ["a day to come", "future", formatProof(proofOf(ours, {}, someDay + 2), "")],
] as [string, string, string][])
  test(`a proof with ${what} is refused`, () => assert.equal(check(given), why));

test("whoever checks may have a clock that is a day behind", () => {
  assert.equal(check(formatProof(proofOf(ours, {}, someDay + 1), "")), "proved");
});
