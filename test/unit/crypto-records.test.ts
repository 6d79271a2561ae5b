/** What stands beside envelopes: one encoding, and every damage refused. PROTOCOL.md §8 to §11, §17 to §21. */
import { conversationShapes, formatContent } from "../../crypto/content.ts";
import { mostFiles } from "../../crypto/most-files.ts";
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { concat, equal, toHex, utf8, fromBase64, toBase64 } from "../../crypto/bytes.ts";
import { checkEnvelope } from "../../crypto/envelope/check.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { envelopeHashOf, formatEnvelope } from "../../crypto/envelope/wire.ts";
import {
  formatFeedPage,
  makeFiller,
  openFeedItem,
  parseFeedPage,
  checkFeedItem,
  newFeedItem,
} from "../../crypto/feed.ts";
import { checkJoin, inviteSecret, openJoin, sealJoin } from "../../crypto/join.ts";
import { openKeyFile, sealKeyFile } from "../../crypto/keyfile.ts";
import { checkMemberKeys, formatMemberKeys, publicKeysOf } from "../../crypto/keys.ts";
import { blindLeaf, formatReceipt, parseReceipt, receiptBytes, signReceipt, verifyReceipt } from "../../crypto/log.ts";
import { signLogin, verifyLogin } from "../../crypto/login.ts";
import {
  formatMailboxAnswer,
  openMailboxAnswer,
  formatStreamAnswer,
  parseMailboxAnswer,
  parseStreamAnswer,
  signMailboxRequest,
  verifyMailboxRequest,
} from "../../crypto/mailbox.ts";
import { formatMinisignKey, minisign, verifyMinisign } from "../../crypto/minisign.ts";
import { formatRoster, openRosterChain, signRoster, type RosterContent } from "../../crypto/roster.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { slotCtx } from "../../crypto/slot.ts";
import { deriveKeyring, generateVault, openFromVault, openVault, sealToVault } from "../../crypto/vault.ts";
import { formatRecoveryWords, parseRecoveryWords } from "../../crypto/words.ts";
import { flipped } from "../support/craft.ts";
import { fileReport, makeMailbox, makeOrganisation, seedFor } from "../support/fixtures.ts";
import { codeOf, refuses } from "../support/outcome.ts";

const organisation = makeOrganisation();
const { chain, members, portalId } = organisation;
const { rosa, carl, olu, nia } = members;
const report = fileReport(organisation);
const { caseId } = report.mailbox;

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
        // A bit of an empty one's day may say another day.
        const again = (): Uint8Array => {
          const { envelopes: read, deletedOn } = openMailboxAnswer(spoiled);
          return formatMailboxAnswer(read, deletedOn);
        };
        assert.ok(codeOf(() => openMailboxAnswer(spoiled)) === "format" || equal(again(), spoiled));
      }),
      { numRuns: 60, examples: [[[], 4]] },
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

suite("a feed item", () => {
  const context = { ...report.envelope.header, kind: 1 };
  const index = chain.current.recipients.findIndex((member) => member.id === nia.id);
  const item = newFeedItem(slotCtx(context, index, nia.keys), report.envelope.slots[index]!);

  test("gives its reader the case key and fits its case", () => {
    assert.deepEqual(openFeedItem(item, nia.secrets), report.caseKey);
    checkFeedItem(item, context, chain, nia.id);
  });

  test("that leads to another case, envelope or person is forged", () => {
    for (const spoil of [{ caseId: seedFor("x") }, { envId: generateEnvId() }, { keyEpoch: 1 }, { kind: 7 }])
      assert.throws(() => checkFeedItem(item, { ...context, ...spoil }, chain, nia.id), { code: "forged" });
    assert.throws(() => checkFeedItem(item, context, chain, rosa.id), { code: "forged" });
    assert.throws(() => checkFeedItem(item, context, chain, olu.id), { code: "forged" });
  });
});

suite("a roster's members", () => {
  const base = organisation.contents[0]!;
  const signedWith = (members: RosterContent["members"]) => [signRoster({ ...base, members }, organisation.charter)];
  const [first, second, ...others] = base.members as [
    RosterContent["members"][number],
    RosterContent["members"][number],
  ];
  const withKeys = (keys: Partial<typeof first.keys>) =>
    signedWith([first, { ...second, keys: { ...second.keys, ...keys } }, ...others]);

  for (const name of ["sign", "login", "export", "box", "kem"] as const)
    test(`in which one member lists another's ${name} key is refused`, () =>
      assert.throws(() => openRosterChain(withKeys({ [name]: first.keys[name] })), { code: "format" }));

  test("in which one member lists another's sealing key in a second spelling is refused", () => {
    for (const name of ["box", "kem"] as const) {
      const spelled = fromBase64(first.keys[name]);
      spelled[spelled.length - 1]! |= 0x80;
      assert.throws(() => openRosterChain(withKeys({ [name]: toBase64(spelled) })), { code: "format" });
    }
  });

  test("with a person id that 32 bits cannot tell from another is refused", () => {
    for (const id of [2 ** 32 + 1, 2 ** 32 - 1])
      assert.throws(() => openRosterChain(signedWith([first, { ...second, id }, ...others])), { code: "format" });
  });

  test("keeps a member's keys as they are otherwise", () => {
    assert.deepEqual(openRosterChain(signedWith(base.members)).current.members[1]!.keys, publicKeysOf(carl.secrets));
  });

  test("older than the printed notice's epoch is refused", () => {
    assert.equal(openRosterChain(organisation.signed, undefined, undefined, 2).current.epoch, 2);
    assert.throws(() => openRosterChain(organisation.signed.slice(0, 1), undefined, undefined, 2), { code: "forged" });
  });
});

test("nothing is sealed that nobody could open: what the shape does not take is refused before", () => {
  const file = {
    name: "a",
    type: "",
    size: 1,
    offset: 0,
    length: 42,
    key: toBase64(new Uint8Array(32)),
    sha256: "0".repeat(64),
  };
  const message = (change: object) => ({ text: "", files: [], ...change });
  const files = (count: number) => Array.from({ length: count }, () => file);
  assert.ok(formatContent(conversationShapes.message, "message", message({ files: files(mostFiles) })).length > 0);
  for (const change of [{ files: files(mostFiles + 1) }, { text: "x".repeat(500_001) }, { day: "tomorrow" }])
    assert.throws(() => formatContent(conversationShapes.message, "message", message(change)), { code: "format" });
});
