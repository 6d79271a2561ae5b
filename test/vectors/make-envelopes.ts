/** Vectors of envelopes: a valid one of every kind, and what each check refuses when all others would let it pass. */
import { concat, toHex, u8, utf8 } from "../../crypto/bytes.ts";
import { commitOf, generateEnvId, sealMessage } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import { envelopeHashOf, formatEnvelopeWithSlots, type Envelope, type Header } from "../../crypto/envelope/wire.ts";
import { caseIdOf, type MemberSecrets } from "../../crypto/keys.ts";
import type { Roster } from "../../crypto/roster.ts";
import { slotsHashOf } from "../../crypto/slot.ts";
import { offsetOf, recraft, type Crafting } from "../support/craft.ts";
import {
  fileReport,
  makeMailbox,
  makeOrganisation,
  makeTeamKey,
  placeAfter,
  seedFor,
  type FixtureMember,
} from "../support/fixtures.ts";
import { append, b64, cut, flip, signedText, splice, value, type CaseInput, type Collection } from "./collection.ts";

export const organisation = makeOrganisation("Vectors & Co");
const { chain, firstChain, members, signed, portalId } = organisation;
const { rosa, carl, dana, olu, nia } = members;
export const bytesOf = formatEnvelopeWithSlots;
export const teamKey = makeTeamKey();

/** Where each field of the header begins, and what flipping a bit there is. */
const headerFields = [
  ["magic", 0, "format"],
  ["suite", 4, "format"],
  ["kind", 5, "format"],
  ["stream", 7, "format"],
  ["portal", 8, "forged"],
  ["roster", 40, "forged"],
  ["case", 72, "forged"],
  ["envelope-id", 104, "forged"],
  ["seq", 120, "format"],
  ["previous", 128, "format"],
  ["key-epoch", 160, "forged"],
  ["token", 164, "forged"],
  ["commit", 196, "forged"],
  ["slots-hash", 228, "forged"],
  ["slot-count", 260, "format"],
  ["object-length", 262, "format"],
  ["object-hash", 270, "forged"],
  ["mailbox-signing-key", 302, "forged"],
  ["mailbox-kem-key", 334, "forged"],
  ["wrap", 1550, "forged"],
  ["summary", 1622, "forged"],
  ["stream-header", 2174, "forged"],
  ["first-chunk", 2198, "forged"],
] as const;

export const report = fileReport(organisation, {
  excluded: [carl.id],
  object: { length: 262_144, hash: seedFor("object") },
});
const { mailbox, caseKey } = report;
const { caseId } = mailbox;
export const tip = { seq: 0, hash: toHex(envelopeHashOf(report.envelope)) };
export const author = (member: FixtureMember) => ({ id: member.id, secrets: member.secrets });

export const caseInput = (...conversation: Envelope[]): CaseInput => ({
  signed: signedText(signed),
  caseId: b64(caseId),
  caseKey: b64(caseKey),
  conversation: conversation.map((each) => b64(bytesOf(each))),
});

export async function makeEnvelopes(to: Collection): Promise<void> {
  await makeReports(to);
  await makeMessages(to);
  await makeReplies(to);
}

/** Damage that any kind must refuse. `path`: where the envelope stands in the input. */
export function spoilAny(
  to: Collection,
  kind: string,
  envelope: Envelope,
  path: string,
  craft: (how: Crafting) => Envelope,
): void {
  const bytes = bytesOf(envelope);
  const as = (how: Crafting) => ({ [path]: value(b64(bytesOf(craft(how)))) });
  const name = `envelope-${kind}`;
  to.failure(name, "truncated", "format", { [path]: cut(bytes) });
  to.failure(name, "byte-appended", "format", { [path]: append(bytes) });
  to.failure(name, "final-missing", "forged", as({ tags: (n) => Array.from({ length: n }, () => 0) }));
  to.failure(name, "padding-not-zero", "format", as({ padded: (plain) => plain.with(plain.length - 1, 1) }));
  to.failure(name, "another-token", "forged", as({ header: (h) => ({ ...h, tokenHash: seedFor("x") }) }));
  to.failure(name, "another-commit", "forged", as({ header: (h) => ({ ...h, commit: seedFor("x") }) }));
  to.failure(name, "key-epoch-unannounced", "forged", as({ header: (h) => ({ ...h, keyEpoch: 1 }) }));
  to.failure(name, "unknown-roster", "forged", as({ header: (h) => ({ ...h, rosterHash: seedFor("x") }) }));
  to.failure(name, "content-with-unknown-field", "format", as({ content: (json) => extraField(json) }));
  to.failure(name, "content-cut", "format", as({ content: (json) => json.subarray(0, -1) }));
}

/** `{` of the JSON, behind a member's person id if there is one, gets another field. */
export function extraField(content: Uint8Array): Uint8Array {
  const at = content.indexOf(0x7b);
  return concat(content.subarray(0, at + 1), utf8('"extra":1,'), content.subarray(at + 1));
}

async function makeReports(to: Collection): Promise<void> {
  const bytes = report.bytes;
  await to.valid("envelope-report", "§13 a report with an attachment object, one member excluded", {
    "a report": caseInput(report.envelope),
  });
  const craft = (how: Crafting): Envelope => recraft(report.envelope, caseKey, { outside: mailbox.sign, ...how });
  const as = (how: Crafting) => ({ "conversation.0": value(b64(bytesOf(craft(how)))) });
  const fail = (what: string, cls: string, change: Parameters<Collection["failure"]>[3]): void =>
    to.failure("envelope-report", what, cls, change);
  spoilAny(to, "report", report.envelope, "conversation.0", craft);
  for (const [field, at, cls] of headerFields) fail(`flipped-${field}`, cls, { "conversation.0": flip(bytes, at) });
  const signatureAt = bytes.length - 64 - report.envelope.slots.length * 1216;
  fail("flipped-last-chunk", "forged", { "conversation.0": flip(bytes, signatureAt - 1) });
  fail("flipped-signature", "forged", { "conversation.0": flip(bytes, signatureAt) });
  fail("flipped-slot", "forged", { "conversation.0": flip(bytes, bytes.length - 1) });
  fail("unknown-flag", "format", { "conversation.0": splice({ at: 6, remove: 1, insert: b64(u8(4)) }) });
  fail("unknown-suite", "format", { "conversation.0": splice({ at: 4, remove: 1, insert: b64(u8(2)) }) });
  fail("unknown-kind", "format", { "conversation.0": splice({ at: 5, remove: 1, insert: b64(u8(11)) }) });
  fail("flag-added", "forged", { "conversation.0": splice({ at: 6, remove: 1, insert: b64(u8(2)) }) });
  fail("object-length-without-hash", "format", as({ header: (h) => ({ ...h, objHash: new Uint8Array(32) }) }));
  fail("object-hash-without-length", "format", as({ header: (h) => ({ ...h, objLen: 0 }) }));
  fail("object-length-not-padded", "format", as({ header: (h) => ({ ...h, objLen: 262_145 }) }));
  fail("seq-1", "format", as({ header: (h) => ({ ...h, seq: 1, prevHash: seedFor("x") }) }));
  fail("signed-as-a-message", "forged", as({ label: "message" }));
  fail("signed-by-another-mailbox", "forged", as({ outside: makeMailbox(portalId, "x").sign }));
  fail("another-case-key", "forged", { caseKey: value(b64(seedFor("x"))) });
  fail("of-another-case", "forged", { caseId: value(b64(seedFor("x"))) });

  const moved =
    (change: Partial<Header>) =>
    (h: Header): Header => {
      const header = { ...h, ...change };
      return { ...header, commit: commitOf(caseKey, header) };
    };
  fail("case-id-of-other-mailbox-keys", "forged", {
    ...as({ header: moved({ caseId: seedFor("x") }) }),
    caseId: value(b64(seedFor("x"))),
  });
  fail("another-portal", "forged", as({ header: moved({ portalId: seedFor("x") }) }));
  const badKem = new Uint8Array(1216).fill(255);
  const badCase = caseIdOf(portalId, mailbox.sign.publicKey, badKem);
  const withBadKem = (h: Header): Header => moved({ caseId: badCase, report: { ...h.report!, mailboxKem: badKem } })(h);
  fail("malformed-mailbox-kem-key", "format", { ...as({ header: withBadKem }), caseId: value(b64(badCase)) });

  const { slots } = report.envelope;
  const swapped = [slots[1]!, slots[0]!, ...slots.slice(2)];
  fail("slots-swapped", "forged", { "conversation.0": value(b64(bytesOf({ ...report.envelope, slots: swapped }))) });
  const fewer = slots.slice(1);
  const short = craft({ header: (h) => ({ ...h, slotCount: fewer.length, slotsHash: slotsHashOf(fewer) }) });
  fail("slot-missing-from-the-row", "forged", { "conversation.0": value(b64(bytesOf({ ...short, slots: fewer }))) });

  const saying = (from: string, with_: string) =>
    as({ content: (json) => utf8(new TextDecoder().decode(json).replace(from, with_)) });
  fail("reader-who-is-excluded", "format", saying('"readers":[1,5,6]', '"readers":[1,2,5,6]'));
  fail("reader-who-is-no-recipient", "format", saying('"readers":[1,5,6]', '"readers":[1,4,5,6]'));
  fail("reader-twice", "format", saying('"readers":[1,5,6]', '"readers":[1,5,6,6]'));
  fail("no-reader", "format", saying('"readers":[1,5,6]', '"readers":[]'));
  fail("content-not-utf-8", "format", as({ content: (json) => concat(json, u8(255)) }));
  fail("nothing", "format", { conversation: value([]) });
}

async function makeMessages(to: Collection): Promise<void> {
  const message = sealMessage({
    mailbox,
    place: placeAfter(report, report.envelope),
    caseKey,
    envId: generateEnvId(),
    flags: 0,
    content: { text: "It is worse than I wrote. ".repeat(2600), files: [] },
    object: null,
  });
  await to.valid("envelope-message", "§13 a long message: two chunks", {
    "a message": caseInput(report.envelope, message),
  });
  const craft = (how: Crafting): Envelope => recraft(message, caseKey, { outside: mailbox.sign, ...how });
  const as = (how: Crafting) => ({ "conversation.1": value(b64(bytesOf(craft(how)))) });
  const fail = (what: string, cls: string, change: Parameters<Collection["failure"]>[3]): void =>
    to.failure("envelope-message", what, cls, change);
  const whole = bytesOf(message);
  fail("truncated", "format", { "conversation.1": cut(whole) });
  fail("byte-appended", "format", { "conversation.1": append(whole) });
  fail("final-missing", "forged", as({ tags: () => [0, 0] }));
  const { chunks } = message;
  const step = 65_536 + 17;
  const { signature: _, ...unsigned } = message;
  const reordered = {
    ...unsigned,
    signature: message.signature,
    chunks: concat(chunks.subarray(step), chunks.subarray(0, step)),
  };
  fail("chunks-reordered", "forged", { "conversation.1": value(b64(bytesOf(reordered))) });
  fail("chunk-after-final", "forged", as({ tags: () => [3, 3] }));
  fail("unknown-tag", "forged", as({ tags: () => [1, 3] }));
  fail("flipped-second-chunk", "forged", { "conversation.1": flip(whole, 326 + step) });
  fail("flipped-signature", "forged", { "conversation.1": flip(whole, whole.length - 1) });
  fail("wrong-seq", "forged", as({ header: (h) => ({ ...h, seq: 2 }) }));
  fail("wrong-previous", "forged", as({ header: (h) => ({ ...h, prevHash: seedFor("x") }) }));
  fail("at-seq-0", "format", as({ header: (h) => ({ ...h, seq: 0, prevHash: new Uint8Array(32) }) }));
  fail("with-slots", "format", as({ header: (h) => ({ ...h, slotCount: 1 }) }));
  fail("signed-as-a-report", "forged", as({ label: "report" }));
  fail("by-another-reporter", "forged", as({ outside: makeMailbox(portalId, "x").sign }));
  fail("without-the-report", "format", { conversation: value([b64(bytesOf(message))]) });
  fail("twice", "forged", { "conversation.2": value(b64(bytesOf(message))) });
}

/** The report is of epoch 1, the reply of epoch 2, so that an answer under epoch 1 comes too late. */
async function makeReplies(to: Collection): Promise<void> {
  const early = fileReport(organisation, { roster: firstChain.current, excluded: [carl.id] });
  const reply = (by: FixtureMember, after = early.envelope, roster: Roster = chain.current): Envelope =>
    sealByMember({
      kind: "reply",
      place: placeAfter(early, after, roster),
      key: caseKey,
      envId: generateEnvId(),
      author: author(by),
      content: { text: "Thank you. We look at press 4 today.", files: [], status: "open" },
      readers: [],
      object: null,
    });
  const first = reply(rosa);
  await to.valid("envelope-reply", "§13 a reply under a newer roster than the report's", {
    "a reply": caseInput(early.envelope, first),
  });
  const craftBy =
    (inside: MemberSecrets) =>
    (how: Crafting): Envelope =>
      recraft(first, caseKey, { inside, ...how });
  const craft = craftBy(rosa.secrets);
  const as = (how: Crafting) => ({ "conversation.1": value(b64(bytesOf(craft(how)))) });
  const at1 = (envelope: Envelope) => ({ "conversation.1": value(b64(bytesOf(envelope))) });
  const fail = (what: string, cls: string, change: Parameters<Collection["failure"]>[3]): void =>
    to.failure("envelope-reply", what, cls, change);
  spoilAny(to, "reply", first, "conversation.1", craft);
  fail("by-a-reader-who-left", "forged", at1(reply(dana)));
  fail("by-an-excluded-member", "forged", at1(reply(carl)));
  fail("by-a-newcomer-without-a-grant", "forged", at1(reply(nia)));
  fail("by-no-recipient", "forged", at1(reply(olu)));
  fail("by-nobody", "forged", at1(reply({ ...rosa, id: 99 })));
  fail("signed-by-another-member", "forged", at1(craftBy(nia.secrets)({})));
  fail("signed-as-a-note", "forged", as({ label: "note" }));
  fail(
    "text-changed-under-the-signature",
    "forged",
    at1(recraft(first, caseKey, { content: (rest) => extraField(rest) })),
  );
  fail(
    "header-changed-under-the-signature",
    "forged",
    at1(recraft(first, caseKey, { header: (h) => ({ ...h, objLen: 262_144, objHash: seedFor("x") }) })),
  );
  fail("under-a-roster-that-was-replaced", "forged", {
    "conversation.2": value(b64(bytesOf(reply(dana, first, firstChain.current)))),
  });
  fail("with-a-flag", "format", as({ header: (h) => ({ ...h, flags: 2 }) }));
  fail("with-an-outer-signature", "format", { "conversation.1": append(bytesOf(first), new Uint8Array(64)) });
  fail("wrong-seq", "forged", as({ header: (h) => ({ ...h, seq: 2 }) }));
  fail("wrong-previous", "forged", as({ header: (h) => ({ ...h, prevHash: seedFor("x") }) }));
  fail(
    "of-another-case",
    "forged",
    as({ header: (h) => ({ ...h, caseId: seedFor("x"), commit: commitOf(caseKey, { ...h, caseId: seedFor("x") }) }) }),
  );
  fail("unknown-status", "format", as({ content: (rest) => utf8Replace(rest, '"open"', '"lost"') }));
  fail("without-an-author", "format", as({ content: () => new Uint8Array(3) }));
}

/** `rest` begins with a binary person id. */
export function utf8Replace(rest: Uint8Array, from: string, with_: string): Uint8Array {
  const at = offsetOf(rest, utf8(from));
  return concat(rest.subarray(0, at), utf8(with_), rest.subarray(at + utf8(from).length));
}
