/** Vectors of slots, the reporter's wrap, summaries and attachments: what an envelope carries and what hangs on it. */
import { sealObject } from "../../crypto/attachments.ts";
import { concat, utf8 } from "../../crypto/bytes.ts";
import { formatEnvelopeWithSlots, kinds, type Envelope } from "../../crypto/envelope/wire.ts";
import { sealDummySlot } from "../../crypto/slot.ts";
import { sealReportSummary } from "../../crypto/summary.ts";
import { sealTeamSummary } from "../../crypto/team-summary.ts";
import { seedFor, type FixtureMember } from "../support/fixtures.ts";
import { append, b64, cut, flip, signedText, value, type CaseInput, type Collection } from "./collection.ts";
import { organisation, report, teamKey } from "./make-envelopes.ts";
import { team } from "./make-team.ts";

const { chain, members, signed, portalId } = organisation;
const { rosa, carl, nia, paper, olu } = members;
const { mailbox, caseKey } = report;
const { caseId } = mailbox;

export async function makeSlots(to: Collection): Promise<void> {
  await makeSingleSlots(to);
  await makeRows(to);
  await makeSummaries(to);
  await makeAttachments(to);
}

const indexOf = (member: FixtureMember): number => chain.current.recipients.findIndex((each) => each.id === member.id);

function slotInput(envelope: Envelope, member: FixtureMember): CaseInput {
  const { header, slots } = envelope;
  const index = indexOf(member);
  return {
    slot: b64(slots[index]!),
    seed: b64(member.seed),
    index,
    portalId: b64(portalId),
    rosterHash: b64(header.rosterHash),
    caseId: b64(caseId),
    envId: b64(header.envId),
    kind: kinds[header.kind],
    keyEpoch: 0,
  };
}

async function makeSingleSlots(to: Collection): Promise<void> {
  await to.valid("slot", "§7 a case or team key for one recipient", {
    "a report's": slotInput(report.envelope, rosa),
    "the recovery member's": slotInput(report.envelope, paper),
    "a team key's": slotInput(team, nia),
  });
  const slot = report.envelope.slots[indexOf(rosa)]!;
  for (const [part, at] of [
    ["box-key", 0],
    ["box-tag", 40],
    ["kem-ciphertext", 60],
    ["key", 1180],
    ["tag", 1215],
  ] as const)
    to.failure("slot", `flipped-${part}`, "null", { slot: flip(slot, at) });
  to.failure("slot", "cut", "null", { slot: cut(slot) });
  to.failure("slot", "byte-appended", "null", { slot: append(slot) });
  to.failure("slot", "dummy", "null", { slot: value(b64(sealDummySlot(seedFor("ctx"), rosa.keys))) });
  to.failure("slot", "of-somebody-else", "null", { seed: value(b64(nia.seed)) });
  to.failure("slot", "of-an-excluded-member", "null", slotChange(carl));
  for (const [what, change] of [
    ["another-portal", { portalId: value(b64(seedFor("x"))) }],
    ["another-roster", { rosterHash: value(b64(seedFor("x"))) }],
    ["another-case", { caseId: value(b64(seedFor("x"))) }],
    ["another-envelope", { envId: value(b64(seedFor("x").subarray(0, 16))) }],
    ["another-kind", { kind: value(7) }],
    ["another-key-epoch", { keyEpoch: value(1) }],
    ["another-place-in-the-row", { index: value(1) }],
  ] as const)
    to.failure("slot", what, "null", change);
}

const slotChange = (member: FixtureMember) => ({
  slot: value(b64(report.envelope.slots[indexOf(member)]!)),
  seed: value(b64(member.seed)),
  index: value(indexOf(member)),
});

async function makeRows(to: Collection): Promise<void> {
  const as = (member: FixtureMember): CaseInput => ({ personId: member.id, seed: b64(member.seed) });
  const given = { signed: signedText(signed), report: b64(report.bytes) };
  await to.valid("report-slot", "§13 the case key from a reader's slot of a checked report", {
    "a reviewer": { ...given, ...as(rosa) },
    "the recovery member": { ...given, ...as(paper) },
  });
  const toBe = (member: FixtureMember) => ({ personId: value(member.id), seed: value(b64(member.seed)) });
  to.failure("report-slot", "excluded-member", "null", toBe(carl));
  to.failure("report-slot", "excluded-member-as-a-reader", "null", { seed: value(b64(carl.seed)) });
  to.failure("report-slot", "no-recipient", "null", toBe(olu));
  to.failure("report-slot", "flipped-signature", "forged", {
    report: flip(report.bytes, report.bytes.length - 4 * 1216 - 1),
  });
  to.failure("report-slot", "no-report", "format", { report: value(b64(formatEnvelopeWithSlots(team))) });

  const { header } = report.envelope;
  await to.valid("report-wrap", "§13 the case key for the returning reporter", {
    "the wrap": { report: b64(report.bytes), wrap: b64(mailbox.wrap) },
  });
  to.failure("report-wrap", "another-mailbox", "forged", { wrap: value(b64(seedFor("x"))) });
  to.failure("report-wrap", "flipped-wrap", "forged", { report: flip(report.bytes, 1550 + 30) });
  to.failure("report-wrap", "moved-to-another-envelope", "forged", { report: flip(report.bytes, 104) });
  to.failure("report-wrap", "no-report", "format", { report: value(b64(formatEnvelopeWithSlots(team))) });

  const envelope = b64(formatEnvelopeWithSlots(team));
  await to.valid("team-slot", "§13 the team key from a reader's slot", {
    "a reviewer": { signed: given.signed, envelope, ...as(nia) },
  });
  to.failure("team-slot", "excluded-member", "null", toBe(carl));
  to.failure("team-slot", "no-team-key", "format", { envelope: value(b64(report.bytes)) });
  to.failure("team-slot", "flipped-slot", "forged", {
    envelope: flip(formatEnvelopeWithSlots(team), 326 + 16_384 + 17),
  });

  const sealed = header.report!.summary;
  const given2 = { caseKey: b64(caseKey), caseId: b64(caseId) };
  const long = { channel: "general", category: "safety", language: "en", title: "報".repeat(120) };
  await to.valid("report-summary", "§15 nonce 24 ‖ 512 bytes sealed", {
    "a report's": { sealed: b64(sealed), ...given2 },
    "a title that is cut": {
      sealed: b64(
        sealReportSummary(
          { ...long, channel: "c".repeat(40), category: "c".repeat(40), language: "l".repeat(35) },
          caseKey,
          caseId,
        ),
      ),
      ...given2,
    },
  });
  for (const [part, at] of [
    ["nonce", 0],
    ["text", 30],
    ["tag", 551],
  ] as const)
    to.failure("report-summary", `flipped-${part}`, "forged", { sealed: flip(sealed, at) });
  to.failure("report-summary", "cut", "format", { sealed: cut(sealed) });
  to.failure("report-summary", "byte-appended", "format", { sealed: append(sealed) });
  to.failure("report-summary", "another-case", "forged", { caseId: value(b64(seedFor("x"))) });
  to.failure("report-summary", "another-key", "forged", { caseKey: value(b64(teamKey)) });
}

async function makeSummaries(to: Collection): Promise<void> {
  const of = { portalId, caseId, caseKey, teamKey };
  const says = { title: "Press 4", category: "safety", phase: "open" as const, disposition: null, seen: 2 };
  const by = (id: number, member: FixtureMember): Uint8Array =>
    sealTeamSummary(says, 3, { id, signKey: member.secrets.sign.secretKey }, of);
  const sealed = by(1, rosa);
  await to.valid("team-summary", "§15 version 3, by a reader", {
    "a reviewer's": {
      sealed: b64(sealed),
      version: 3,
      readers: report.readers,
      portalId: b64(portalId),
      caseId: b64(caseId),
      caseKey: b64(caseKey),
      teamKey: b64(teamKey),
      signed: signedText(signed),
    },
  });
  to.failure("team-summary", "under-another-case-key", "forged", { caseKey: value(b64(teamKey)) });
  to.failure("team-summary", "flipped", "forged", { sealed: flip(sealed, 100) });
  to.failure("team-summary", "cut", "format", { sealed: cut(sealed) });
  to.failure("team-summary", "another-version", "forged", { version: value(2) });
  to.failure("team-summary", "another-portal", "forged", { portalId: value(b64(seedFor("x"))) });
  to.failure("team-summary", "under-the-case-key", "forged", { teamKey: value(b64(caseKey)) });
  to.failure("team-summary", "by-an-excluded-member", "forged", { sealed: value(b64(by(carl.id, carl))) });
  to.failure("team-summary", "in-another-reader-s-name", "forged", { sealed: value(b64(by(nia.id, rosa))) });
}

async function makeAttachments(to: Collection): Promise<void> {
  const { envId } = report;
  const contents = [
    utf8("date,press,guard\n2026-03-02,4,off\n"),
    new Uint8Array(),
    new Uint8Array(70_000).map((_, i) => i * 7),
  ];
  const pieces: Uint8Array[] = [];
  const object = await sealObject(
    contents.map((content, i) => ({
      name: `${i}.csv`,
      type: "text/csv",
      size: content.length,
      async *read() {
        await Promise.resolve();
        yield content;
      },
    })),
    { portalId, caseId, envId },
    (piece) => {
      pieces.push(piece.slice());
      return Promise.resolve();
    },
  );
  const whole = concat(...pieces);
  const input = (i: number): CaseInput => {
    const entry = object.files[i]!;
    const sealed = b64(whole.subarray(entry.offset, entry.offset + entry.length));
    return { entry, index: i, portalId: b64(portalId), caseId: b64(caseId), envId: b64(envId), sealed };
  };
  await to.valid("attachment", "§16 one file of an object: its own stream", {
    "a small file": input(0),
    "an empty file": input(1),
    "two chunks": input(2),
  });
  const [small, , large] = object.files.map(({ offset, length }) => whole.subarray(offset, offset + length));
  for (const [part, at] of [
    ["header", 0],
    ["text", 30],
    ["tag", small!.length - 1],
  ] as const)
    to.failure("attachment", `flipped-${part}`, "forged", { sealed: flip(small!, at) });
  to.failure("attachment", "cut", "forged", { sealed: cut(small!) });
  to.failure("attachment", "cut-within-the-header", "forged", { sealed: cut(small!, small!.length - 20) });
  to.failure("attachment", "byte-appended", "forged", { sealed: append(small!) });
  to.failure("attachment", "cut-after-a-chunk", "forged", { sealed: cut(large!, large!.length - 24 - 65_536 - 17) }, 2);
  to.failure("attachment", "another-place", "forged", { index: value(1) });
  to.failure("attachment", "another-envelope", "forged", { envId: value(b64(seedFor("x").subarray(0, 16))) });
  to.failure("attachment", "another-case", "forged", { caseId: value(b64(seedFor("x"))) });
  to.failure("attachment", "another-sha-256", "forged", { "entry.sha256": value("00".repeat(32)) });
  to.failure("attachment", "another-key", "forged", { "entry.key": value(b64(seedFor("x"))) });
  to.failure("attachment", "size-that-does-not-fit", "format", { "entry.size": value(3) });
}
