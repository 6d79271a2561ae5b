/** Vectors of what stands beside envelopes: roster, join, key file, feed, receipt, vault. */
import { concat, fromBase64, fromUtf8, toBase64, toHex, u32le, u64le, u8, utf8 } from "../../crypto/bytes.ts";
import { formatFeedPage, makeFiller, newFeedItem } from "../../crypto/feed.ts";
import { hash } from "../../crypto/hash.ts";
import { inviteSecret, sealJoin } from "../../crypto/join.ts";
import { sealKeyFile } from "../../crypto/keyfile.ts";
import { deriveCharter, formatMemberKeys, parseCharterSeed, publicKeysOf } from "../../crypto/keys.ts";
import { blindLeaf, formatReceipt, signReceipt } from "../../crypto/log.ts";
import { minisign } from "../../crypto/minisign.ts";
import { formatRoster, signRoster, type RosterContent, type SignedRosterBytes } from "../../crypto/roster.ts";
import { sign } from "../../crypto/signature.ts";
import { slotCtx } from "../../crypto/slot.ts";
import { encryptX, randomBytes, sodium } from "../../crypto/sodium.ts";
import { deriveKeyring, generateVault, sealToVault } from "../../crypto/vault.ts";
import { flipped } from "../support/craft.ts";
import { fileReport, makeOrganisation, seedFor } from "../support/fixtures.ts";
import { append, b64, cut, flip, overwrite, signedText, value, type Collection } from "./collection.ts";

const organisation = makeOrganisation("Vectors & Co");
const { charter, portalId, members, signed, contents, chain, log } = organisation;
const [first, second] = contents as [RosterContent, RosterContent];
const { rosa, carl, nia } = members;

export async function makeRecords(to: Collection): Promise<void> {
  await makeRosters(to);
  await makeJoins(to);
  await makeKeyFiles(to);
  await makeFeeds(to);
  await makeProofs(to);
  await makeVaults(to);
}

async function makeRosters(to: Collection): Promise<void> {
  const hashes = chain.rosters.map((roster) => b64(roster.hash));
  await to.valid("roster", "§8 a chain of two rosters, oldest first", {
    "nothing known before": { signed: signedText(signed) },
    "everything pinned": { signed: signedText(signed), pinned: b64(portalId), seen: hashes[0]!, leastEpoch: 2 },
    "the first alone": { signed: signedText(signed.slice(0, 1)) },
  });
  const chained = (...rosters: SignedRosterBytes[]) => ({ signed: value(signedText(rosters)) });
  const forgedSecond = (change: Partial<RosterContent>, by = charter) =>
    chained(signed[0]!, signRoster({ ...second, ...change }, by));
  const badFirst = (change: Partial<RosterContent>) => chained(signRoster({ ...first, ...change }, charter));
  const rawSecond = (bytes: Uint8Array) =>
    chained(signed[0]!, { bytes, signature: utf8(minisign(bytes, charter.sign, "by hand")) });
  const fork = signRoster({ ...second, organisation: "Fork" }, charter);
  const stranger = deriveCharter(parseCharterSeed(seedFor("another charter")));

  to.failure("roster", "rollback-behind-what-was-seen", "forged", { ...chained(signed[0]!), seen: value(hashes[1]!) });
  to.failure("roster", "rollback-behind-the-notice", "forged", { ...chained(signed[0]!), leastEpoch: value(2) });
  to.failure("roster", "fork-of-what-was-seen", "forged", { ...chained(signed[0]!, fork), seen: value(hashes[1]!) });
  to.failure("roster", "another-portal", "forged", { pinned: value(b64(seedFor("x"))) });
  to.failure("roster", "skipped-epoch", "forged", forgedSecond({ epoch: 3 }));
  to.failure("roster", "repeated-epoch", "forged", forgedSecond({ epoch: 1 }));
  to.failure("roster", "begins-in-the-middle", "forged", chained(signed[1]!));
  to.failure("roster", "wrong-previous", "forged", forgedSecond({ previous: toHex(seedFor("x")) }));
  to.failure("roster", "signed-by-a-stranger", "forged", forgedSecond({}, stranger));
  to.failure(
    "roster",
    "charter-key-changed",
    "forged",
    forgedSecond({ charterKey: toBase64(stranger.sign.publicKey) }),
  );
  to.failure("roster", "portal-id-changed", "forged", forgedSecond({ portalId: toHex(seedFor("x")) }));
  to.failure("roster", "trial-turned-real", "forged", forgedSecond({ trial: false }));
  to.failure("roster", "flipped-byte", "forged", { "signed.1.bytes": flip(signed[1]!.bytes, 400) });
  to.failure("roster", "signature-of-the-first", "forged", {
    "signed.1.signature": value(fromUtf8(signed[0]!.signature)),
  });
  to.failure("roster", "signature-malformed", "format", { "signed.1.signature": value("no signature\n") });
  to.failure("roster", "none", "missing", chained());

  const text = fromUtf8(formatRoster(second));
  const { format, ...rest } = second;
  to.failure(
    "roster",
    "fields-in-another-order",
    "format",
    rawSecond(utf8(`${JSON.stringify({ ...rest, format })}\n`)),
  );
  to.failure("roster", "with-white-space", "format", rawSecond(utf8(text.replace(":", ": "))));
  to.failure("roster", "field-twice", "format", rawSecond(utf8(text.replace('"epoch":2', '"epoch":9,"epoch":2'))));
  to.failure("roster", "unknown-field", "format", rawSecond(utf8(text.replace("{", '{"extra":1,'))));
  to.failure("roster", "not-json", "format", rawSecond(utf8(text.slice(0, -3))));
  to.failure("roster", "not-utf-8", "format", rawSecond(concat(utf8(text), u8(255))));

  const [one, two, ...others] = first.members as [RosterContent["members"][number], RosterContent["members"][number]];
  const withKeys = (keys: Partial<typeof two.keys>) =>
    badFirst({ members: [one, { ...two, keys: { ...two.keys, ...keys } }, ...others] });
  const badKem = new Uint8Array(1216).fill(255);
  const spelled = flipped(carl.keys.box, 31, 7);
  to.failure(
    "roster",
    "duplicate-person-id",
    "format",
    badFirst({
      members: [one, { ...two, id: one.id }, ...others],
      channels: [{ ...first.channels[0]!, readers: [1, 3] }],
    }),
  );
  to.failure(
    "roster",
    "person-id-beyond-32-bits",
    "format",
    badFirst({
      members: [one, { ...two, id: 2 ** 32 + 2 }, ...others],
      channels: [{ ...first.channels[0]!, readers: [1, 3] }],
    }),
  );
  to.failure("roster", "malformed-kem-key", "format", withKeys({ kem: toBase64(badKem) }));
  to.failure("roster", "kem-key-of-zeros", "format", withKeys({ kem: toBase64(new Uint8Array(1216)) }));
  to.failure("roster", "sealing-key-of-small-order", "format", withKeys({ box: toBase64(new Uint8Array(32)) }));
  to.failure("roster", "sealing-key-in-another-spelling", "format", withKeys({ box: toBase64(spelled) }));
  to.failure("roster", "signing-key-no-point", "format", withKeys({ sign: toBase64(new Uint8Array(32).fill(2)) }));
  for (const name of ["sign", "login", "export", "box", "kem"] as const)
    to.failure("roster", `shared-${name}-key`, "format", withKeys({ [name]: one.keys[name] }));
  const channel = first.channels[0]!;
  to.failure(
    "roster",
    "reader-who-is-no-recipient",
    "format",
    badFirst({ channels: [{ ...channel, readers: [1, 4] }] }),
  );
  to.failure("roster", "reader-twice", "format", badFirst({ channels: [{ ...channel, readers: [1, 1] }] }));
  to.failure("roster", "channel-twice", "format", badFirst({ channels: [channel, channel] }));
  to.failure("roster", "day-that-does-not-exist", "format", badFirst({ expires: "2027-02-30" }));
}

async function makeJoins(to: Collection): Promise<void> {
  const secret = inviteSecret(charter, seedFor("invite").subarray(0, 16));
  const bytes = sealJoin(nia.secrets, "Nïa New", secret, portalId);
  await to.valid("join", "§11 keys 1,344 ‖ mac 32 ‖ self-signature 64 ‖ name", {
    "a member": { bytes: b64(bytes), secret: b64(secret), portalId: b64(portalId) },
  });
  to.failure("join", "wrong-secret", "forged", { secret: value(b64(seedFor("x").subarray(0, 16))) });
  to.failure("join", "another-portal", "forged", { portalId: value(b64(seedFor("x"))) });
  to.failure("join", "altered-login-key", "forged", { bytes: overwrite(32, carl.keys.login) });
  to.failure("join", "altered-kem-key", "forged", { bytes: overwrite(128, carl.keys.kem) });
  to.failure("join", "flipped-mac", "forged", { bytes: flip(bytes, 1344) });
  to.failure("join", "flipped-self-signature", "forged", { bytes: flip(bytes, 1376) });
  to.failure("join", "another-name", "forged", { bytes: append(bytes, utf8("er")) });
  const keys = { ...publicKeysOf(nia.secrets), kem: new Uint8Array(1216) };
  const content = concat(formatMemberKeys(keys), utf8("Nia"));
  const mac = hash(32, secret, "th1/join", portalId, content);
  const self = sign(nia.secrets.sign.secretKey, "join", portalId, content);
  to.failure("join", "malformed-kem-key", "format", {
    bytes: value(b64(concat(formatMemberKeys(keys), mac, self, utf8("Nia")))),
  });
  to.failure("join", "cut-within-the-signature", "format", { bytes: cut(bytes, utf8("Nïa New").length + 1) });
  to.failure("join", "name-not-utf-8", "format", { bytes: append(bytes, u8(255)) });
  to.failure("join", "name-too-long", "format", { bytes: append(bytes, new Uint8Array(480)) });
}

/** A key file at the least cost that is accepted: what is tested is the file, not the patience. */
function cheapKeyFile(passphrase: string, plain: Uint8Array): string {
  const kdf = { name: "argon2id13", ops: 1, memoryKiB: 8192, salt: toBase64(randomBytes(16)) };
  const head = { format: "tellhaven-key-1", purpose: "member", label: "Rosa", portalId: toHex(portalId), kdf };
  const cost = concat(u32le(kdf.ops), u32le(kdf.memoryKiB), fromBase64(kdf.salt));
  const ad = hash(32, null, "th1/keyfile", utf8(head.purpose), utf8(head.label), portalId, cost);
  const salt = fromBase64(kdf.salt);
  const key = sodium.crypto_pwhash(32, utf8(passphrase), salt, kdf.ops, kdf.memoryKiB * 1024, 2);
  const nonce = randomBytes(24);
  return JSON.stringify({ ...head, nonce: toBase64(nonce), box: toBase64(encryptX(plain, nonce, ad, key)) });
}

async function makeKeyFiles(to: Collection): Promise<void> {
  const plain = concat(u8(2), seedFor("now"), seedFor("before"));
  const file = cheapKeyFile("zoé", plain);
  await to.valid("key-file", "§10 current and former seeds under a passphrase", {
    "at the least cost": { file, passphrase: "zoé" },
    "passphrase decomposed": { file, passphrase: "zoe\u0301" },
    "at the cost that is used": {
      file: sealKeyFile([seedFor("charter")], "correct horse", { purpose: "charter", label: "Office", portalId }),
      passphrase: "correct horse",
    },
  });
  const edited = (from: string | RegExp, with_: string) => ({ file: value(file.replace(from, with_)) });
  to.failure("key-file", "wrong-passphrase", "forged", { passphrase: value("zoe") });
  to.failure("key-file", "altered-label", "forged", edited('"Rosa"', '"Rose"'));
  to.failure("key-file", "altered-purpose", "forged", edited('"member"', '"charter"'));
  to.failure("key-file", "altered-portal", "forged", edited(toHex(portalId), toHex(seedFor("x"))));
  to.failure("key-file", "altered-cost", "forged", edited('"ops":1', '"ops":2'));
  to.failure(
    "key-file",
    "altered-nonce",
    "forged",
    edited(/"nonce":"[^"]+"/, `"nonce":"${toBase64(new Uint8Array(24))}"`),
  );
  to.failure("key-file", "too-much-memory", "refused", edited("8192", "1048577"));
  to.failure("key-file", "too-little-memory", "refused", edited("8192", "8191"));
  to.failure("key-file", "too-many-passes", "refused", edited('"ops":1', '"ops":11'));
  to.failure("key-file", "no-pass", "refused", edited('"ops":1', '"ops":0'));
  to.failure("key-file", "another-format", "format", edited("tellhaven-key-1", "tellhaven-key-2"));
  to.failure("key-file", "another-kdf", "format", edited("argon2id13", "scrypt"));
  to.failure("key-file", "unknown-field", "format", edited("{", '{"extra":1,'));
  to.failure("key-file", "short-salt", "format", edited(/"salt":"[^"]+"/, '"salt":"AAAA"'));
  to.failure("key-file", "not-json", "format", { file: value("-----BEGIN KEY-----") });
  to.failure("key-file", "no-seed-inside", "format", { file: value(cheapKeyFile("zoé", u8(0))) });
  to.failure("key-file", "bytes-left-inside", "format", { file: value(cheapKeyFile("zoé", concat(plain, u8(0)))) });
}

async function makeFeeds(to: Collection): Promise<void> {
  const report = fileReport(organisation, { excluded: [carl.id] });
  const { header, slots } = report.envelope;
  const indexOf = (id: number): number => chain.current.recipients.findIndex((member) => member.id === id);
  const itemFor = (member: typeof rosa) => {
    const index = indexOf(member.id);
    return newFeedItem(slotCtx({ ...header, kind: 1 }, index, member.keys), slots[index]!);
  };
  const page = formatFeedPage(7, [itemFor(rosa), makeFiller(rosa.keys)]);
  await to.valid("feed-page", "§17 u64le tick ‖ items of 1,264 bytes", {
    empty: { page: b64(u64le(0)) },
    "two items": { page: b64(page) },
  });
  to.failure("feed-page", "cut", "format", { page: cut(page) }, 1);
  to.failure("feed-page", "byte-appended", "format", { page: append(page) }, 1);
  to.failure("feed-page", "no-tick", "format", { page: cut(u64le(0)) });

  const own = formatFeedPage(0, [itemFor(rosa)]);
  const { rosterHash, caseId, envId } = header;
  const where = {
    signed: signedText(signed),
    portalId: b64(portalId),
    rosterHash: b64(rosterHash),
    caseId: b64(caseId),
    envId: b64(envId),
  };
  await to.valid("feed-item", "§17 an item leads its reader to one case", {
    "a report": { page: b64(own), seed: b64(rosa.seed), personId: rosa.id, ...where },
  });
  to.failure("feed-item", "filler", "null", { page: value(b64(formatFeedPage(0, [makeFiller(rosa.keys)]))) });
  to.failure("feed-item", "of-somebody-else", "null", { seed: value(b64(nia.seed)), personId: value(nia.id) });
  to.failure("feed-item", "of-an-excluded-member", "null", {
    page: value(b64(formatFeedPage(0, [itemFor(carl)]))),
    seed: value(b64(carl.seed)),
    personId: value(carl.id),
  });
  to.failure("feed-item", "flipped-ctx", "null", { page: flip(own, 24) });
  to.failure("feed-item", "leads-to-another-case", "forged", { caseId: value(b64(seedFor("x"))) });
  to.failure("feed-item", "leads-to-another-envelope", "forged", { envId: value(b64(seedFor("x").subarray(0, 16))) });
  to.failure("feed-item", "under-another-roster", "forged", { rosterHash: value(b64(chain.rosters[0]!.hash)) });
  to.failure("feed-item", "under-an-unknown-roster", "forged", { rosterHash: value(b64(seedFor("x"))) });
}

async function makeProofs(to: Collection): Promise<void> {
  const envelopeHash = seedFor("envelope hash");
  const receipt = formatReceipt(signReceipt(blindLeaf({ name: "filed", envelopeHash }), 20_780, portalId, log));
  await to.valid("receipt", "§18 leaf 32 ‖ blinding 32 ‖ u32le day ‖ signature 64", {
    "a filing": {
      receipt: b64(receipt),
      envelopeHash: b64(envelopeHash),
      portalId: b64(portalId),
      logKey: b64(log.publicKey),
    },
  });
  for (const [part, at] of [
    ["leaf", 0],
    ["blinding", 32],
    ["day", 64],
    ["signature", 70],
  ] as const)
    to.failure("receipt", `flipped-${part}`, "forged", { receipt: flip(receipt, at) });
  to.failure("receipt", "of-another-envelope", "forged", { envelopeHash: value(b64(seedFor("x"))) });
  to.failure("receipt", "of-another-portal", "forged", { portalId: value(b64(seedFor("x"))) });
  to.failure("receipt", "by-another-log", "forged", { logKey: value(b64(charter.sign.publicKey)) });
  to.failure("receipt", "cut", "format", { receipt: cut(receipt) });
  to.failure("receipt", "byte-appended", "format", { receipt: append(receipt) });

  const message = utf8("A manifest\n");
  const text = minisign(message, rosa.secrets.export, "case export 2026-11-23");
  await to.valid("minisign", "minisign's own format, prehashed", {
    "an export": { message: b64(message), signature: text, publicKey: b64(rosa.keys.export) },
  });
  const lines = text.split("\n");
  const line = fromBase64(lines[1]!);
  const withLine = (bytes: Uint8Array): string => [lines[0], toBase64(bytes), ...lines.slice(2)].join("\n");
  to.failure("minisign", "another-message", "forged", { message: append(message) });
  to.failure("minisign", "another-key", "forged", { publicKey: value(b64(nia.keys.export)) });
  to.failure("minisign", "altered-comment", "forged", { signature: value(text.replace("case export", "fake export")) });
  to.failure("minisign", "flipped-signature", "forged", { signature: value(withLine(flipped(line, 40))) });
  to.failure("minisign", "not-prehashed", "forged", { signature: value(withLine(flipped(line, 1, 5))) });
  to.failure("minisign", "another-key-id", "forged", { signature: value(withLine(flipped(line, 3))) });
  to.failure("minisign", "line-missing", "format", { signature: value(lines.slice(0, 3).join("\n")) });
  to.failure("minisign", "line-too-many", "format", { signature: value(`${text}\n`) });
  to.failure("minisign", "base64-not-canonical", "format", {
    signature: value(text.replace(lines[1]!, `${lines[1]} `)),
  });
}

async function makeVaults(to: Collection): Promise<void> {
  const master = seedFor("master");
  const keyring = deriveKeyring(master);
  const { publicKey, sealedSecret } = generateVault(keyring.box.publicKey);
  const sealed = sealToVault(utf8("what is stored"), publicKey);
  await to.valid("vault", "§19 a case's vault, its places and one stored object", {
    "an object": {
      master: b64(master),
      publicKey: b64(publicKey),
      sealedSecret: b64(sealedSecret),
      sealed: b64(sealed),
      caseId: b64(seedFor("case")),
      envId: b64(seedFor("env").subarray(0, 16)),
    },
  });
  const raw = (padded: Uint8Array) => ({ sealed: value(b64(sodium.crypto_box_seal(padded, publicKey))) });
  to.failure("vault", "another-master", "forged", { master: value(b64(seedFor("x"))) });
  to.failure("vault", "public-key-swapped", "forged", { publicKey: value(b64(generateVault(publicKey).publicKey)) });
  to.failure("vault", "secret-destroyed", "forged", { sealedSecret: value(b64(new Uint8Array(80))) });
  to.failure("vault", "flipped-object", "forged", { sealed: flip(sealed, 1000) });
  to.failure("vault", "cut-object", "forged", { sealed: cut(sealed) });
  to.failure("vault", "padding-not-zero", "format", raw(concat(u64le(1), new Uint8Array(32 * 1024 - 8).fill(1))));
  to.failure("vault", "padding-too-long", "format", raw(concat(u64le(1), new Uint8Array(64 * 1024 - 8))));
  to.failure("vault", "length-beyond-the-end", "format", raw(concat(u64le(32 * 1024), new Uint8Array(32 * 1024 - 8))));
}
