/** One encoding only, and nothing damaged is accepted: every construction, every kind of damage, with its class. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { concat, equal, toHex } from "../../crypto/bytes.ts";
import { openConversation } from "../../crypto/envelope/open.ts";
import { openTeamStream } from "../../crypto/envelope/open-team.ts";
import { generateEnvId, sealMessage } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import {
  envelopeHashOf,
  formatEnvelopeWithSlots,
  formatHeader,
  headerBytesOf,
  parseEnvelope,
  type Envelope,
  type Header,
} from "../../crypto/envelope/wire.ts";
import { tokenHashOf } from "../../crypto/keys.ts";
import { openSlot, sealSlot } from "../../crypto/slot.ts";
import { openReportSummary, sealReportSummary } from "../../crypto/summary.ts";
import { openTeamSummary, sealTeamSummary } from "../../crypto/team-summary.ts";
import { flipped, recraft } from "../support/craft.ts";
import { fileReport, makeCaseKey, makeOrganisation, makeTeamKey, placeAfter, seedFor } from "../support/fixtures.ts";
import { refuses } from "../support/outcome.ts";

const organisation = makeOrganisation();
const { chain, members, portalId } = organisation;
const { rosa, nia } = members;
const report = fileReport(organisation);
const { caseId } = report.mailbox;
const tip = { seq: 0, hash: toHex(envelopeHashOf(report.envelope)) };
const author = { id: rosa.id, secrets: rosa.secrets };
const common = { author, readers: [], object: null };
const second = () => ({ place: placeAfter(report, report.envelope), envId: generateEnvId(), key: report.caseKey });
const message = sealMessage({
  mailbox: report.mailbox,
  ...second(),
  caseKey: report.caseKey,
  flags: 2,
  content: { text: "x".repeat(70_000), files: [] },
  object: { length: 256 * 1024, hash: seedFor("object") },
});
const reply = sealByMember({ kind: "reply", ...common, ...second(), content: { text: "y", files: [], status: null } });
const team = sealByMember({
  kind: "team",
  ...common,
  place: placeAfter(report, null),
  key: makeTeamKey(),
  envId: generateEnvId(),
  content: { audience: report.readers, conversation: tip },
  readers: report.readers,
});
const inTeam = { ...common, place: placeAfter(report, team), key: makeTeamKey(), envId: generateEnvId() };
const note = sealByMember({ kind: "note", ...inTeam, content: { text: "z", files: [], conversation: tip } });
const act = sealByMember({
  kind: "act",
  ...inTeam,
  content: { act: "status", phase: "closed", disposition: "referred", reason: "", conversation: tip },
});
const withSlots = formatEnvelopeWithSlots;
const openedReport = openConversation([report.bytes], chain, caseId, report.caseKey).report;

/** Opens everything up to and with the envelope whose bytes are given. */
const openers: Record<string, { envelope: Envelope; open: (bytes: Uint8Array) => unknown }> = {
  report: { envelope: report.envelope, open: (bytes) => openConversation([bytes], chain, caseId, report.caseKey) },
  message: {
    envelope: message,
    open: (bytes) => openConversation([report.bytes, bytes], chain, caseId, report.caseKey),
  },
  reply: { envelope: reply, open: (bytes) => openConversation([report.bytes, bytes], chain, caseId, report.caseKey) },
  team: { envelope: team, open: (bytes) => openTeamStream([bytes], chain, caseId, makeTeamKey(), openedReport) },
  note: {
    envelope: note,
    open: (bytes) => openTeamStream([withSlots(team), bytes], chain, caseId, makeTeamKey(), openedReport),
  },
  act: {
    envelope: act,
    open: (bytes) => openTeamStream([withSlots(team), bytes], chain, caseId, makeTeamKey(), openedReport),
  },
};

for (const [kind, { envelope, open }] of Object.entries(openers))
  suite(`an envelope (${kind})`, () => {
    const bytes = withSlots(envelope);

    test("opens, re-encodes to itself and has the header length of its kind", () => {
      open(bytes);
      const parsed = parseEnvelope(bytes);
      assert.ok(equal(withSlots(parsed), bytes));
      assert.ok(equal(formatHeader(parsed.header), parsed.headerBytes));
      assert.equal(parsed.headerBytes.length, headerBytesOf(parsed.header.kind));
    });

    test("with any bit flipped is refused", () => {
      const at = fc.nat({ max: bytes.length - 1 });
      fc.assert(
        fc.property(at, fc.nat({ max: 7 }), (i, bit) =>
          refuses(() => open(flipped(bytes, i, bit)), "format", "forged"),
        ),
        { numRuns: 150 },
      );
      // Every byte of the header's fixed part, for it names everything else.
      for (let i = 0; i < 326; i++) refuses(() => open(flipped(bytes, i, i % 8)), "format", "forged");
    });

    test("cut short or made longer is refused", () => {
      fc.assert(
        fc.property(fc.nat({ max: bytes.length - 1 }), (length) =>
          refuses(() => open(bytes.subarray(0, length)), "format", "forged"),
        ),
        { numRuns: 60 },
      );
      for (const extra of [1, 17, 1216]) refuses(() => open(concat(bytes, new Uint8Array(extra))), "format", "forged");
    });

    test("whose body holds less or more than padText gives is format", () => {
      const inside = rosa.secrets;
      const outside = report.mailbox.sign;
      const craft = (padded: (plain: Uint8Array) => Uint8Array): Uint8Array =>
        withSlots(
          recraft(envelope, kind === "team" || kind === "note" || kind === "act" ? makeTeamKey() : report.caseKey, {
            padded,
            inside,
            outside,
          }),
        );
      open(craft((plain) => plain));
      refuses(() => open(craft((plain) => flipped(plain, plain.length - 1))), "format");
      refuses(() => open(craft((plain) => flipped(plain, 7, 7))), "format");
      refuses(() => open(craft((plain) => concat(plain, new Uint8Array(1024)))), "format");
      refuses(() => open(craft((plain) => plain.subarray(0, -1))), "format");
    });

    test("whose stream has no FINAL, or one too early, is forged", () => {
      const key = kind === "team" || kind === "note" || kind === "act" ? makeTeamKey() : report.caseKey;
      const how = { inside: rosa.secrets, outside: report.mailbox.sign };
      refuses(
        () => open(withSlots(recraft(envelope, key, { ...how, tags: (n) => Array.from({ length: n }, () => 0) }))),
        "forged",
      );
      refuses(
        () =>
          open(
            withSlots(
              recraft(envelope, key, {
                ...how,
                tags: (n) => Array.from({ length: n }, (_, i) => (i === n - 1 ? 2 : 0)),
              }),
            ),
          ),
        "forged",
      );
      if (kind === "message")
        refuses(
          () => open(withSlots(recraft(envelope, key, { ...how, tags: (n) => Array.from({ length: n }, () => 3) }))),
          "forged",
        );
    });

    test("filed under another token is forged, whoever signed it", () => {
      const key = kind === "team" || kind === "note" || kind === "act" ? makeTeamKey() : report.caseKey;
      const header = (h: Header): Header => ({ ...h, tokenHash: tokenHashOf(seedFor("x")) });
      const how = { inside: rosa.secrets, outside: report.mailbox.sign, header };
      refuses(() => open(withSlots(recraft(envelope, key, how))), "forged");
    });
  });

suite("the chunks of a long message", () => {
  const step = 65_536 + 17;
  test("in another order are refused", () => {
    const { chunks } = message;
    assert.ok(chunks.length > step);
    const swapped = concat(chunks.subarray(step), chunks.subarray(0, step));
    refuses(() => openers["message"]!.open(withSlots({ ...message, chunks: swapped })), "forged");
  });
});

suite("a header", () => {
  const spoiled = (envelope: Envelope, change: Partial<Header>): Uint8Array => {
    const header = { ...envelope.header, ...change };
    return withSlots({ ...envelope, header, headerBytes: formatHeader(header) });
  };
  const rows: [string, Uint8Array][] = [
    ["another magic", flipped(report.bytes, 0)],
    ["another suite", flipped(report.bytes, 4)],
    ["an unknown kind", concat(report.bytes.subarray(0, 5), Uint8Array.of(11), report.bytes.subarray(6))],
    ["an unknown flag", spoiled(message, { flags: 4 })],
    ["a flag on what a member wrote", spoiled(reply, { flags: 2 })],
    ["a kind in the other stream", flipped(withSlots(reply), 7)],
    ["a predecessor at seq 0", spoiled(report.envelope, { prevHash: seedFor("x") })],
    ["no predecessor later", spoiled(reply, { prevHash: new Uint8Array(32) })],
    ["a reply at seq 0", spoiled(reply, { seq: 0, prevHash: new Uint8Array(32) })],
    ["a report at seq 1", spoiled(report.envelope, { seq: 1, prevHash: seedFor("x") })],
    ["slots on a kind without", spoiled(reply, { slotCount: 1 })],
    ["an object length without a hash", spoiled(message, { objHash: new Uint8Array(32) })],
    ["an object hash without a length", spoiled(message, { objLen: 0 })],
    ["an object length that is not padded", spoiled(message, { objLen: 300_000 })],
  ];
  for (const [what, bytes] of rows) test(`with ${what} is format`, () => refuses(() => parseEnvelope(bytes), "format"));

  test("is too large beyond 4 MiB", () => refuses(() => parseEnvelope(new Uint8Array(4 * 1024 * 1024 + 1)), "large"));
});

suite("a slot", () => {
  const ctx = seedFor("ctx");
  const slot = sealSlot(report.caseKey, ctx, nia.keys);
  test("opens for its member in its context only; every damage is null", () => {
    assert.deepEqual(openSlot(slot, ctx, nia.secrets), report.caseKey);
    assert.equal(openSlot(slot, ctx, rosa.secrets), null);
    assert.equal(openSlot(slot, seedFor("other"), nia.secrets), null);
    assert.equal(openSlot(slot.subarray(1), ctx, nia.secrets), null);
    assert.equal(openSlot(concat(slot, new Uint8Array(1)), ctx, nia.secrets), null);
    fc.assert(
      fc.property(
        fc.nat({ max: slot.length - 1 }),
        fc.nat({ max: 7 }),
        (at, bit) => openSlot(flipped(slot, at, bit), ctx, nia.secrets) === null,
      ),
      { numRuns: 300 },
    );
  });
});

suite("summaries", () => {
  const of = { portalId, caseId, caseKey: report.caseKey, teamKey: makeTeamKey() };
  const says = {
    title: "t",
    category: "c",
    phase: "open" as const,
    disposition: null,
    seen: 3,
    assignee: 1,
    severity: "high" as const,
    tags: ["press 4"],
    muted: false,
    cleared: [1],
    recused: [],
  };
  const writer = { id: rosa.id, signKey: rosa.secrets.sign.secretKey };
  const reporters = { channel: "general", category: "c", language: "en", title: "t" };

  test("come back, with any text that fits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (title) => {
        const sealed = sealReportSummary({ ...reporters, title }, report.caseKey, caseId);
        assert.equal(sealed.length, 552);
        assert.ok(title.startsWith(openReportSummary(sealed, report.caseKey, caseId).title));
      }),
    );
    const sealed = sealTeamSummary(says, 7, writer, of);
    assert.deepEqual(openTeamSummary(sealed, 7, chain.current, [1], of), { ...says, writer: 1 });
  });

  test("cut titles at a character, and are refused as too large when nothing is left to cut", () => {
    const title = "𝄞".repeat(60);
    const read = openReportSummary(
      sealReportSummary({ ...reporters, title }, report.caseKey, caseId),
      report.caseKey,
      caseId,
    );
    assert.ok(title.startsWith(read.title) && read.title.length > 100);
    refuses(
      () =>
        sealReportSummary(
          { ...reporters, channel: "\u0001".repeat(40), category: "\u0001".repeat(40), language: "\u0001".repeat(35) },
          report.caseKey,
          caseId,
        ),
      "large",
    );
  });

  test("damaged, of another case, version or writer are refused", () => {
    const mine = sealReportSummary(reporters, report.caseKey, caseId);
    const teams = sealTeamSummary(says, 7, writer, of);
    const openMine = (bytes: Uint8Array) => openReportSummary(bytes, report.caseKey, caseId);
    const openTeams = (bytes: Uint8Array, version = 7, readers = [1], to = of) =>
      openTeamSummary(bytes, version, chain.current, readers, to);
    for (const [sealed, open] of [
      [mine, openMine],
      [teams, openTeams],
    ] as const) {
      for (let at = 0; at < sealed.length; at++) refuses(() => open(flipped(sealed, at, at % 8)), "forged");
      for (const wrong of [
        sealed.subarray(1),
        sealed.subarray(0, 551),
        concat(sealed, new Uint8Array(1)),
        new Uint8Array(3),
      ])
        refuses(() => open(wrong), "format");
    }
    refuses(() => openReportSummary(mine, report.caseKey, seedFor("x")), "forged");
    refuses(() => openTeams(teams, 8), "forged");
    refuses(() => openTeams(teams, 7, [6]), "forged");
    refuses(() => openTeams(teams, 7, [1], { ...of, portalId: seedFor("x") }), "forged");
    // Anybody can seal a made-up team key to a reader: without the case key nothing can be said under it.
    refuses(() => openTeams(teams, 7, [1], { ...of, caseKey: makeCaseKey("another") }), "forged");
    refuses(() => openTeams(teams, 7, [1], { ...of, teamKey: makeTeamKey("another") }), "forged");
    assert.equal(openTeamSummary(teams, 7, chain.current, null, of).writer, 1);
    const posing = sealTeamSummary(says, 7, { id: 6, signKey: writer.signKey }, of);
    refuses(() => openTeams(posing, 7, [1, 6]), "forged");
  });
});
