/** One encoding only, and nothing damaged is accepted: every construction, every kind of damage, with its class. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { concat, equal, toHex, utf8 } from "../../crypto/bytes.ts";
import { checkEnvelope } from "../../crypto/envelope/check.ts";
import { openConversation, openTeamStream } from "../../crypto/envelope/open.ts";
import { generateEnvId, sealByMember, sealMessage } from "../../crypto/envelope/seal.ts";
import {
  envelopeHashOf,
  formatEnvelope,
  formatEnvelopeWithSlots,
  formatHeader,
  headerBytesOf,
  parseEnvelope,
  type Envelope,
  type Header,
} from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { formatFeedPage, makeFiller, openFeedItem, parseFeedPage } from "../../crypto/feed.ts";
import { checkJoin, inviteSecret, openJoin, sealJoin } from "../../crypto/join.ts";
import { openKeyFile, sealKeyFile } from "../../crypto/keyfile.ts";
import { checkMemberKeys, formatMemberKeys, tokenHashOf } from "../../crypto/keys.ts";
import { blindLeaf, formatReceipt, parseReceipt, receiptBytes, signReceipt, verifyReceipt } from "../../crypto/log.ts";
import { signLogin, verifyLogin } from "../../crypto/login.ts";
import {
  formatMailboxAnswer,
  formatStreamAnswer,
  parseMailboxAnswer,
  parseStreamAnswer,
  signMailboxRequest,
  verifyMailboxRequest,
} from "../../crypto/mailbox.ts";
import { formatMinisignKey, minisign, verifyMinisign } from "../../crypto/minisign.ts";
import { formatRoster, openRosterChain, signRoster } from "../../crypto/roster.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { openSlot, sealSlot } from "../../crypto/slot.ts";
import { openReportSummary, openTeamSummary, sealReportSummary, sealTeamSummary } from "../../crypto/summary.ts";
import { deriveKeyring, generateVault, openFromVault, openVault, sealToVault } from "../../crypto/vault.ts";
import { formatRecoveryWords, parseRecoveryWords } from "../../crypto/words.ts";
import { flipped, recraft } from "../support/craft.ts";
import { fileReport, makeMailbox, makeOrganisation, makeTeamKey, placeAfter, seedFor } from "../support/fixtures.ts";

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

function codeOf(open: () => unknown): string | null {
  try {
    open();
    return null;
  } catch (error) {
    if (error instanceof PortalError) return error.code;
    throw error;
  }
}
const refuses = (open: () => unknown, ...codes: string[]): void => {
  const code = codeOf(open);
  assert.ok(code !== null && codes.includes(code), `answered ${String(code)}, not ${codes.join(" or ")}`);
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
  const of = { portalId, caseId, teamKey: makeTeamKey() };
  const says = { title: "t", category: "c", phase: "open" as const, disposition: null, seen: 3 };
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
    const posing = sealTeamSummary(says, 7, { id: 6, signKey: writer.signKey }, of);
    refuses(() => openTeams(posing, 7, [1, 6]), "forged");
  });
});

suite("the roster", () => {
  test("comes back byte for byte, and with any bit flipped is refused", () => {
    const signed = organisation.signed[0]!;
    assert.ok(equal(formatRoster(organisation.contents[0]!), signed.bytes));
    assert.equal(openRosterChain([signed]).current.epoch, 1);
    fc.assert(
      fc.property(fc.nat({ max: signed.bytes.length - 1 }), fc.nat({ max: 7 }), (at, bit) =>
        refuses(() => openRosterChain([{ ...signed, bytes: flipped(signed.bytes, at, bit) }]), "format", "forged"),
      ),
      { numRuns: 150 },
    );
  });

  test("with a day that does not exist is format", () => {
    for (const expires of ["2026-02-30", "2026-13-01", "2026-1-1", "2026-01-01T", ""])
      refuses(
        () => openRosterChain([signRoster({ ...organisation.contents[0]!, expires }, organisation.charter)]),
        "format",
      );
  });
});

suite("joining", () => {
  const invite = randomBytes(16);
  const secret = inviteSecret(organisation.charter, invite);
  const bytes = sealJoin(nia.secrets, "Nia New", secret, portalId);

  test("comes back, and nothing else is believed", () => {
    const join = openJoin(bytes, secret, portalId);
    assert.equal(join.name, "Nia New");
    assert.ok(equal(formatMemberKeys(join.keys), formatMemberKeys(nia.keys)));
    refuses(() => openJoin(bytes, inviteSecret(organisation.charter, randomBytes(16)), portalId), "forged");
    refuses(() => checkJoin(bytes, seedFor("x")), "forged");
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), (at, bit) =>
        refuses(() => openJoin(flipped(bytes, at, bit), secret, portalId), "format", "forged"),
      ),
      { numRuns: 150 },
    );
    refuses(() => checkJoin(bytes.subarray(0, 1300), portalId), "format");
    refuses(() => checkJoin(concat(bytes, new Uint8Array(500)), portalId), "format");
  });

  test("with keys that nobody could seal to, or of small order, is format", () => {
    for (const [name, bad] of [
      ["kem", new Uint8Array(1216)],
      ["kem", new Uint8Array(1216).fill(255)],
      ["box", new Uint8Array(32)],
      ["box", new Uint8Array(32).fill(255)],
      ["box", concat(Uint8Array.of(0xee), new Uint8Array(30).fill(255), Uint8Array.of(0x7f))],
      ["sign", concat(Uint8Array.of(1), new Uint8Array(31))],
      ["login", new Uint8Array(32)],
      ["export", new Uint8Array(31)],
    ] as const)
      refuses(() => checkMemberKeys({ ...nia.keys, [name]: bad }), "format");
    checkMemberKeys(nia.keys);
  });
});

suite("signed challenges", () => {
  const request = { portalId, origin: "https://speak.example", action: "POST /mailbox/read", body: utf8("b") };
  const nonce = seedFor("nonce");

  test("a mailbox request names its mailbox, and only this one", () => {
    const auth = signMailboxRequest(report.mailbox, request, nonce);
    const read = verifyMailboxRequest(auth, request);
    assert.deepEqual([read.caseId, read.nonce], [caseId, nonce]);
    for (let at = 0; at < auth.length; at += 7)
      refuses(() => verifyMailboxRequest(flipped(auth, at), request), "forged");
    for (const wrong of [auth.subarray(1), concat(auth, new Uint8Array(1))])
      refuses(() => verifyMailboxRequest(wrong, request), "format");
    for (const change of [
      { portalId: seedFor("x") },
      { origin: "https://evil.example" },
      { action: "GET /" },
      { body: utf8("c") },
    ])
      refuses(() => verifyMailboxRequest(auth, { ...request, ...change }), "forged");
  });

  test("a login is for one portal, origin, nonce and member", () => {
    const challenge = { portalId, origin: "https://desk.example", nonce, memberId: 1 };
    const signature = signLogin(rosa.secrets.login.secretKey, challenge);
    verifyLogin(signature, rosa.keys.login, challenge);
    for (const change of [
      { portalId: seedFor("x") },
      { origin: "https://desk.example.evil" },
      { nonce: seedFor("y") },
      { memberId: 2 },
    ])
      refuses(() => verifyLogin(signature, rosa.keys.login, { ...challenge, ...change }), "forged");
    refuses(() => verifyLogin(signature, rosa.keys.sign, challenge), "forged");
  });
});

suite("answers and pages", () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 60 });

  test("a mailbox answer comes back, in few sizes, and has one encoding", () => {
    fc.assert(
      fc.property(pieces, fc.nat(), (envelopes, at) => {
        const bytes = formatMailboxAnswer(envelopes);
        assert.equal(Math.log2(bytes.length / 65_536) % 1, 0);
        assert.deepEqual(parseMailboxAnswer(bytes).map(toHex), envelopes.map(toHex));
        const spoiled = flipped(bytes, at % bytes.length, at % 8);
        assert.ok(
          codeOf(() => parseMailboxAnswer(spoiled)) === "format" ||
            equal(formatMailboxAnswer(parseMailboxAnswer(spoiled)), spoiled),
        );
      }),
      { numRuns: 60 },
    );
    const empty = formatMailboxAnswer([]);
    assert.equal(empty.length, 65_536);
    for (const wrong of [
      empty.subarray(1),
      concat(empty, empty),
      new Uint8Array(4),
      flipped(empty, 65_535),
      new Uint8Array(65_536).fill(255),
    ])
      refuses(() => parseMailboxAnswer(wrong), "format");
  });

  test("a stream answer comes back and has one encoding", () => {
    fc.assert(
      fc.property(pieces, (envelopes) => {
        const bytes = formatStreamAnswer(envelopes.map((envelope) => ({ envelope, slots: envelope.subarray(0, 3) })));
        assert.deepEqual(
          parseStreamAnswer(bytes).map(toHex),
          envelopes.map((e) => toHex(concat(e, e.subarray(0, 3)))),
        );
        refuses(() => parseStreamAnswer(concat(bytes, Uint8Array.of(0))), "format");
        refuses(() => parseStreamAnswer(bytes.subarray(0, -1)), "format");
      }),
      { numRuns: 40 },
    );
  });

  test("a feed page comes back, and its items open for nobody else", () => {
    const items = [makeFiller(rosa.keys), makeFiller(rosa.keys)];
    const page = formatFeedPage(9, items);
    assert.equal(page.length, 8 + 2 * 1264);
    assert.deepEqual(parseFeedPage(page), { newestTick: 9, items });
    for (const cut of [7, 9, page.length - 1]) refuses(() => parseFeedPage(page.subarray(0, cut)), "format");
    for (const item of items) assert.equal(openFeedItem(item, rosa.secrets), null);
  });
});

suite("what proves a filing", () => {
  const envelopeHash = envelopeHashOf(report.envelope);
  const receipt = formatReceipt(
    signReceipt(blindLeaf({ name: "filed", envelopeHash }), 20_780, portalId, organisation.log),
  );

  test("a receipt comes back, and every damage to it is refused", () => {
    assert.equal(receipt.length, receiptBytes);
    verifyReceipt(parseReceipt(receipt), envelopeHash, portalId, organisation.log.publicKey);
    assert.ok(equal(formatReceipt(parseReceipt(receipt)), receipt));
    for (let at = 0; at < receipt.length; at++)
      refuses(
        () =>
          verifyReceipt(parseReceipt(flipped(receipt, at, at % 8)), envelopeHash, portalId, organisation.log.publicKey),
        "forged",
      );
    refuses(() => parseReceipt(receipt.subarray(1)), "format");
    refuses(() => parseReceipt(concat(receipt, new Uint8Array(1))), "format");
    refuses(() => verifyReceipt(parseReceipt(receipt), seedFor("x"), portalId, organisation.log.publicKey), "forged");
    refuses(
      () => verifyReceipt(parseReceipt(receipt), envelopeHash, seedFor("x"), organisation.log.publicKey),
      "forged",
    );
  });

  test("a minisign signature fits its message, key and comment only", () => {
    const text = minisign(utf8("m"), rosa.secrets.export, "who and when");
    assert.equal(verifyMinisign(utf8("m"), utf8(text), rosa.keys.export), "who and when");
    refuses(() => verifyMinisign(utf8("n"), utf8(text), rosa.keys.export), "forged");
    refuses(() => verifyMinisign(utf8("m"), utf8(text), nia.keys.export), "forged");
    refuses(() => verifyMinisign(utf8("m"), utf8(text.replace("who", "whe")), rosa.keys.export), "forged");
    for (const wrong of [
      text.trimEnd(),
      `${text}\n`,
      text.replaceAll("\n", "\r\n"),
      "",
      text.replace("trusted", "TRUSTED"),
    ])
      refuses(() => verifyMinisign(utf8("m"), utf8(wrong), rosa.keys.export), "format", "forged");
    assert.match(
      formatMinisignKey(rosa.keys.export),
      /^untrusted comment: minisign public key [0-9A-F]{16}\nRWS?[A-Za-z0-9+/=]{53,54}\n$/,
    );
  });
});

suite("the vault", () => {
  const keyring = deriveKeyring(seedFor("master"));
  const { publicKey, sealedSecret } = generateVault(keyring.box.publicKey);
  const vault = openVault(sealedSecret, publicKey, keyring.box);

  test("keeps bytes of any length, one floor for all small ones", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), (bytes) => {
        const sealed = sealToVault(bytes, publicKey);
        assert.equal(Math.log2((sealed.length - 48) / 32_768) % 1, 0);
        assert.ok(equal(openFromVault(sealed, vault), bytes));
      }),
      { numRuns: 30 },
    );
  });

  test("refuses what does not belong together", () => {
    const other = generateVault(keyring.box.publicKey);
    refuses(() => openVault(sealedSecret, other.publicKey, keyring.box), "forged");
    refuses(() => openVault(flipped(sealedSecret, 50), publicKey, keyring.box), "forged");
    refuses(() => openVault(sealedSecret, publicKey, deriveKeyring(seedFor("x")).box), "forged");
    refuses(() => openFromVault(sealToVault(utf8("x"), other.publicKey), vault), "forged");
    refuses(() => openFromVault(flipped(sealToVault(utf8("x"), publicKey), 99), vault), "forged");
  });
});

suite("what people keep", () => {
  test("24 recovery words are the seed", () => {
    const words = formatRecoveryWords(members.paper.seed);
    assert.equal(words.length, 24);
    assert.deepEqual(parseRecoveryWords(`1. ${words.join("\n 2. ").toUpperCase()}`), members.paper.seed);
    refuses(() => parseRecoveryWords(words.slice(1).join(" ")), "format");
    refuses(
      () => parseRecoveryWords([...words.slice(0, 23), words[23] === "zoo" ? "zone" : "zoo"].join(" ")),
      "format",
    );
  });

  test("a key file opens with its passphrase, in either Unicode form, and with nothing else", () => {
    const text = sealKeyFile([seedFor("a"), seedFor("b")], "zoé", { purpose: "member", label: "Nia", portalId });
    const opened = openKeyFile(utf8(text), "zoe\u0301");
    assert.deepEqual(opened, { purpose: "member", label: "Nia", portalId, seeds: [seedFor("a"), seedFor("b")] });
    refuses(() => openKeyFile(utf8(text), "zoe"), "forged");
    refuses(() => openKeyFile(utf8(text.replace('"Nia"', '"Mia"')), "zoé"), "forged");
    refuses(() => openKeyFile(utf8(text.replace('"member"', '"charter"')), "zoé"), "forged");
    for (const [from, to] of [
      ["262144", "1048577"],
      ["262144", "8191"],
      ['"ops": 3', '"ops": 11'],
      ['"ops": 3', '"ops": 0'],
    ] as const)
      refuses(() => openKeyFile(utf8(text.replace(from, to)), "zoé"), "refused");
    for (const [from, to] of [
      ["tellhaven-key-1", "tellhaven-key-2"],
      ['"ops": 3', '"ops": 3.5'],
      ['"nonce": "', '"nonce": "A'],
    ] as const)
      refuses(() => openKeyFile(utf8(text.replace(from, to)), "zoé"), "format");
  });

  test("another portal's mailbox from the same code is another case", () => {
    assert.notDeepEqual(makeMailbox(portalId).caseId, makeMailbox(seedFor("other portal")).caseId);
    refuses(
      () =>
        checkEnvelope(report.envelope, { ...chain, portalId: seedFor("other portal") }, report.mailbox.sign.publicKey),
      "forged",
    );
    assert.ok(formatEnvelope(report.envelope).length < report.bytes.length);
  });
});
