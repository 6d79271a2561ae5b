/** What each construction's vectors are given to: from a case's input, bytes as base64, to its output. */
import { openFile, objectBytesFor } from "../../crypto/attachments.ts";
import { concat, equal, fromBase64, toBase64, toHex, utf8 } from "../../crypto/bytes.ts";
import type { FileEntry } from "../../crypto/content.ts";
import { openConversation, openReportSlot, openReportWrap, type Entry } from "../../crypto/envelope/open.ts";
import { openTeamSlot, openTeamStream } from "../../crypto/envelope/open-team.ts";
import { formatEnvelopeWithSlots, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { checkFeedItem, formatFeedPage, openFeedItem, parseFeedPage } from "../../crypto/feed.ts";
import { derive, hash } from "../../crypto/hash.ts";
import { openJoin } from "../../crypto/join.ts";
import { openKeyFile } from "../../crypto/keyfile.ts";
import {
  caseIdOf,
  contentKeyOf,
  commitKeyOf,
  deriveCharter,
  deriveMailbox,
  deriveMember,
  formatMemberKeys,
  parseCaseKey,
  parseCharterSeed,
  parseMemberSeed,
  parseTeamKey,
  portalIdOf,
  publicKeysOf,
  summaryKeyOf,
  tokenHashOf,
  tokenOf,
  type Mailbox,
} from "../../crypto/keys.ts";
import { openCheckpoint, signCheckpoint } from "../../crypto/checkpoint.ts";
import { formatReceipt, leafOf, parseReceipt, verifyReceipt, type LogEvent } from "../../crypto/log.ts";
import { verifyConsistency, verifyInclusion, type TreeHead } from "../../crypto/log-tree.ts";
import { signLogin, verifyLogin } from "../../crypto/login.ts";
import {
  formatMailboxAnswer,
  formatStreamAnswer,
  parseMailboxAnswer,
  parseStreamAnswer,
  verifyMailboxRequest,
} from "../../crypto/mailbox.ts";
import { formatMinisignKey, verifyMinisign } from "../../crypto/minisign.ts";
import { padme, paddedObjectBytes, padText, unpadText } from "../../crypto/padding.ts";
import { encodeReceiptCode, readCodeIn, readReceiptCode } from "../../crypto/receipt.ts";
import { fingerprintWords, openRosterChain, type RosterChain } from "../../crypto/roster.ts";
import { sign, verify, type SignatureLabel } from "../../crypto/signature.ts";
import { openSlot, slotCtx, slotsHashOf } from "../../crypto/slot.ts";
import { Sha256, signKeyPair } from "../../crypto/sodium.ts";
import { openReportSummary } from "../../crypto/summary.ts";
import { openTeamSummary } from "../../crypto/team-summary.ts";
import { caseIndex, deriveKeyring, envelopeKey, openFromVault, openVault, rowKey } from "../../crypto/vault.ts";
import { listsFor } from "../../crypto/word-lists.ts";
import { caseName, english, formatRecoveryWords, parseRecoveryWords } from "../../crypto/words.ts";
import type { Json, VectorBytes } from "./suite.ts";

/** A refusal that is an answer, not an exception. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

interface Input {
  [name: string]: Json | undefined;
}

const bytes = (value: Json | undefined): Uint8Array => {
  const given = value as VectorBytes;
  if (typeof given === "string") return fromBase64(given);
  const head = fromBase64(given.head);
  return concat(head, new Uint8Array(given.zerosTo - head.length));
};
const text = (value: Json | undefined): string => value as string;
const number = (value: Json | undefined): number => value as number;
const list = (value: Json | undefined): Input[] => value as Input[];
const many = (value: Json | undefined): Uint8Array[] => (value as Json[]).map(bytes);
const b64 = toBase64;
const headOf = (size: Json | undefined, root: Json | undefined): TreeHead => ({
  size: number(size),
  root: bytes(root),
});
const digest = (data: Uint8Array): string => toHex(hash(32, null, "vector", data));

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const opened = new Map<string, RosterChain>();

/** Most vectors share one chain, and opening it is the slowest part of most. */
function chainOf({ signed, pinned, seen, leastEpoch }: Input): RosterChain {
  const name = JSON.stringify([signed, pinned, seen, leastEpoch]);
  const chain = opened.get(name) ?? openChain({ signed, pinned, seen, leastEpoch });
  opened.set(name, chain);
  return chain;
}

function openChain({ signed, pinned, seen, leastEpoch }: Input): RosterChain {
  const all = list(signed).map((each) => ({ bytes: bytes(each["bytes"]), signature: utf8(text(each["signature"])) }));
  const optional = (value: Json | undefined): Uint8Array | undefined => (value == null ? undefined : bytes(value));
  return openRosterChain(all, optional(pinned), optional(seen), leastEpoch === undefined ? 1 : number(leastEpoch));
}

const memberOf = (input: Input) => deriveMember(parseMemberSeed(bytes(input["seed"])));

function entryText({ hash: own, envId, ...rest }: Entry): Json {
  // Fields that a content may have and has not are absent, not undefined.
  const plain = JSON.parse(JSON.stringify(rest)) as { [name: string]: Json };
  return { ...plain, hash: b64(own), envId: b64(envId) };
}

/** The conversation, opened under the case key; every envelope has one encoding. */
function conversationOf(input: Input) {
  const raw = many(input["conversation"]);
  const opened = openConversation(raw, chainOf(input), bytes(input["caseId"]), parseCaseKey(bytes(input["caseKey"])));
  for (const each of raw) must(equal(formatEnvelopeWithSlots(parseEnvelope(each)), each), "re-encodes differently");
  return opened;
}

function openConversationVector(input: Input): Json {
  return conversationOf(input).entries.map(entryText);
}

function openTeamVector(input: Input): Json {
  const raw = many(input["team"]);
  const { report } = conversationOf(input);
  const stream = openTeamStream(
    raw,
    chainOf(input),
    bytes(input["caseId"]),
    parseTeamKey(bytes(input["teamKey"])),
    report,
  );
  for (const each of raw) must(equal(formatEnvelopeWithSlots(parseEnvelope(each)), each), "re-encodes differently");
  return stream.entries.map(entryText);
}

async function* inPieces(data: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at === 0 || at < data.length; at += 50_000) yield data.subarray(at, at + 50_000);
}

async function openFileVector(input: Input): Promise<Json> {
  const place = { portalId: bytes(input["portalId"]), caseId: bytes(input["caseId"]), envId: bytes(input["envId"]) };
  const entry = input["entry"] as unknown as FileEntry;
  const sha = new Sha256();
  let size = 0;
  for await (const piece of openFile(entry, number(input["index"]), place, inPieces(bytes(input["sealed"])))) {
    sha.update(piece);
    size += piece.length;
  }
  return { size, sha256: toHex(sha.digest()) };
}

function mailboxText({ caseId, sign: pair, kem, wrap }: Mailbox): Json {
  return { caseId: b64(caseId), sign: b64(pair.publicKey), kem: digest(kem.publicKey), wrap: b64(wrap) };
}

/** Named as their files are. */
export const openers: { [construction: string]: (input: Input) => Json | Promise<Json> } = {
  hash: (input) =>
    b64(
      hash(
        number(input["length"]),
        input["key"] === null ? null : bytes(input["key"]),
        text(input["label"]),
        ...many(input["parts"]),
      ),
    ),
  derive: (input) => b64(derive(bytes(input["key"]), number(input["index"]))),
  signature: (input) => {
    const label = text(input["label"]) as SignatureLabel;
    const parts = many(input["parts"]);
    verify(bytes(input["signature"]), bytes(input["publicKey"]), label, ...parts);
    const pair = signKeyPair(bytes(input["seed"]));
    return { again: b64(sign(pair.secretKey, label, ...parts)), publicKey: b64(pair.publicKey) };
  },
  padme: (input) => [padme(number(input["length"])), paddedObjectBytes(number(input["length"]))],
  "object-size": (input) => objectBytesFor(input["sizes"] as number[]),
  "padded-text": (input) => {
    const padded = bytes(input["padded"]);
    const content = unpadText(padded);
    must(equal(padText(content), padded), "pads differently");
    return { content: b64(content), length: padded.length };
  },
  "member-keys": (input) => {
    const secrets = memberOf(input);
    const { sign: s, login, export: e, box, kem } = publicKeysOf(secrets);
    return {
      sign: b64(s),
      login: b64(login),
      export: b64(e),
      box: b64(box),
      kem: digest(kem),
      all: digest(formatMemberKeys(publicKeysOf(secrets))),
      cache: b64(secrets.cache),
    };
  },
  "charter-keys": (input) => {
    const charter = deriveCharter(parseCharterSeed(bytes(input["seed"])));
    const portalId = portalIdOf(charter.sign.publicKey);
    return {
      sign: b64(charter.sign.publicKey),
      office: b64(charter.office.publicKey),
      invites: b64(charter.invites),
      portalId: b64(portalId),
      fingerprint: fingerprintWords(portalId, english).join(" "),
    };
  },
  "case-keys": (input) => {
    const key = parseCaseKey(bytes(input["key"]));
    const token = tokenOf(key);
    return [token, tokenHashOf(token), summaryKeyOf(key), commitKeyOf(key), contentKeyOf(key)].map(b64);
  },
  "case-name": (input) => caseName(bytes(input["caseId"])),
  "case-id": (input) => b64(caseIdOf(bytes(input["portalId"]), bytes(input["sign"]), bytes(input["kem"]))),
  "receipt-code": (input) => {
    const language = input["list"] === undefined ? "en" : text(input["list"]);
    const list = listsFor(language)[0]!.words;
    const typed = readReceiptCode(text(input["typed"]), list);
    if (typed.is !== "code") throw new Refused(typed.is);
    const code = encodeReceiptCode(bytes(input["entropy"]), list);
    must(typed.code.canonical === code.canonical, "reads another code");
    // Whoever comes back does not say in which list the code is.
    must(readCodeIn(text(input["typed"]), listsFor("en")).list.language === language, "is taken for another list's");
    return code.canonical;
  },
  mailbox: (input) => mailboxText(deriveMailbox(text(input["words"]), bytes(input["portalId"]))),
  "recovery-words": (input) => {
    const seed = parseRecoveryWords(text(input["typed"]));
    return { seed: b64(seed), words: formatRecoveryWords(seed).join(" ") };
  },
  slot: (input) => {
    const of = {
      portalId: bytes(input["portalId"]),
      rosterHash: bytes(input["rosterHash"]),
      caseId: bytes(input["caseId"]),
      envId: bytes(input["envId"]),
      kind: number(input["kind"]),
      keyEpoch: number(input["keyEpoch"]),
    };
    const secrets = memberOf(input);
    const ctx = slotCtx(of, number(input["index"]), publicKeysOf(secrets));
    const slot = bytes(input["slot"]);
    const key = openSlot(slot, ctx, secrets);
    return key === null ? null : { key: b64(key), ctx: b64(ctx), slotsHash: b64(slotsHashOf([slot])) };
  },
  roster: (input) => {
    const { portalId, rosters, current } = chainOf(input);
    return {
      portalId: b64(portalId),
      hashes: rosters.map((roster) => b64(roster.hash)),
      recipients: current.recipients.map((member) => member.id),
    };
  },
  join: (input) => {
    const { keys, name } = openJoin(bytes(input["bytes"]), bytes(input["secret"]), bytes(input["portalId"]));
    return { name, keys: digest(formatMemberKeys(keys)) };
  },
  "key-file": (input) => {
    const { purpose, label, portalId, seeds } = openKeyFile(utf8(text(input["file"])), text(input["passphrase"]));
    return { purpose, label, portalId: b64(portalId), seeds: seeds.map(b64) };
  },
  "report-slot": (input) => {
    const envelope = parseEnvelope(bytes(input["report"]));
    const key = openReportSlot(envelope, chainOf(input), number(input["personId"]), memberOf(input));
    return key === null ? null : b64(key);
  },
  "report-wrap": (input) => {
    const wrap = bytes(input["wrap"]);
    return b64(openReportWrap(parseEnvelope(bytes(input["report"])), { wrap } as Mailbox));
  },
  "envelope-report": openConversationVector,
  "envelope-message": openConversationVector,
  "envelope-reply": openConversationVector,
  "envelope-team": openTeamVector,
  "envelope-note": openTeamVector,
  "envelope-act": openTeamVector,
  "team-slot": (input) => {
    const key = openTeamSlot(
      parseEnvelope(bytes(input["envelope"])),
      chainOf(input),
      number(input["personId"]),
      memberOf(input),
    );
    return key === null ? null : b64(key);
  },
  "report-summary": (input) =>
    openReportSummary(bytes(input["sealed"]), parseCaseKey(bytes(input["caseKey"])), bytes(input["caseId"])),
  "team-summary": (input) => {
    const of = {
      portalId: bytes(input["portalId"]),
      caseId: bytes(input["caseId"]),
      caseKey: parseCaseKey(bytes(input["caseKey"])),
      teamKey: parseTeamKey(bytes(input["teamKey"])),
    };
    const roster = chainOf(input).current;
    return openTeamSummary(bytes(input["sealed"]), number(input["version"]), roster, input["readers"] as number[], of);
  },
  attachment: openFileVector,
  "feed-page": (input) => {
    const page = parseFeedPage(bytes(input["page"]));
    must(equal(formatFeedPage(page.newestTick, page.items), bytes(input["page"])), "re-encodes differently");
    return { newestTick: page.newestTick, items: page.items.map(({ itemId }) => b64(itemId)) };
  },
  "feed-item": (input) => {
    const item = parseFeedPage(bytes(input["page"])).items[0]!;
    const key = openFeedItem(item, memberOf(input));
    if (key === null) return null;
    const of = {
      portalId: bytes(input["portalId"]),
      rosterHash: bytes(input["rosterHash"]),
      caseId: bytes(input["caseId"]),
      envId: bytes(input["envId"]),
      kind: 1,
      keyEpoch: 0,
    };
    checkFeedItem(item, of, chainOf(input), number(input["personId"]));
    return b64(key);
  },
  receipt: (input) => {
    const receipt = parseReceipt(bytes(input["receipt"]));
    verifyReceipt(receipt, bytes(input["envelopeHash"]), bytes(input["portalId"]), bytes(input["logKey"]));
    must(equal(formatReceipt(receipt), bytes(input["receipt"])), "re-encodes differently");
    return { leaf: b64(receipt.leaf), day: receipt.day };
  },
  checkpoint: (input) => {
    const head = openCheckpoint(text(input["text"]), bytes(input["portalId"]), bytes(input["logKey"]));
    const again = signCheckpoint(head, bytes(input["portalId"]), signKeyPair(bytes(input["seed"])));
    must(again === input["text"], "signs otherwise");
    return { size: head.size, root: b64(head.root) };
  },
  "log-inclusion": (input) => {
    const name = text(input["name"]) as LogEvent["name"];
    const leaf = leafOf({ name, envelopeHash: bytes(input["envelopeHash"]) }, bytes(input["blinding"]));
    const head = headOf(input["size"], input["root"]);
    verifyInclusion(leaf, number(input["index"]), many(input["proof"]), head);
    return { leaf: b64(leaf) };
  },
  "log-consistency": (input) => {
    const before = headOf(input["from"], input["oldRoot"]);
    verifyConsistency(before, headOf(input["to"], input["newRoot"]), many(input["proof"]));
    return null;
  },
  minisign: (input) => ({
    comment: verifyMinisign(bytes(input["message"]), utf8(text(input["signature"])), bytes(input["publicKey"])),
    keyFile: formatMinisignKey(bytes(input["publicKey"])),
  }),
  vault: (input) => {
    const keyring = deriveKeyring(bytes(input["master"]));
    const vault = openVault(bytes(input["sealedSecret"]), bytes(input["publicKey"]), keyring.box);
    const { index } = keyring;
    const [caseId, envId] = [bytes(input["caseId"]), bytes(input["envId"])];
    return {
      log: b64(keyring.log.publicKey),
      places: [caseIndex(index, caseId), rowKey(index, caseId, 1, 2), envelopeKey(index, envId)].map(b64),
      stored: b64(openFromVault(bytes(input["sealed"]), vault)),
    };
  },
  "mailbox-request": (input) => {
    const request = {
      portalId: bytes(input["portalId"]),
      origin: text(input["origin"]),
      action: text(input["action"]),
      body: bytes(input["body"]),
    };
    const { caseId, nonce } = verifyMailboxRequest(bytes(input["auth"]), request);
    return { caseId: b64(caseId), nonce: b64(nonce) };
  },
  "mailbox-answer": (input) => {
    const envelopes = parseMailboxAnswer(bytes(input["answer"]));
    must(equal(formatMailboxAnswer(envelopes), bytes(input["answer"])), "re-encodes differently");
    return envelopes.map(b64);
  },
  "stream-answer": (input) => {
    const envelopes = parseStreamAnswer(bytes(input["answer"]));
    // Where an envelope ends and its slots begin is not told here: their sum comes back.
    must(
      formatStreamAnswer(envelopes.map((envelope) => ({ envelope, slots: new Uint8Array() }))).length ===
        bytes(input["answer"]).length,
      "re-encodes to another length",
    );
    return envelopes.map(b64);
  },
  login: (input) => {
    const challenge = {
      portalId: bytes(input["portalId"]),
      origin: text(input["origin"]),
      nonce: bytes(input["nonce"]),
      memberId: number(input["memberId"]),
    };
    verifyLogin(bytes(input["signature"]), bytes(input["publicKey"]), challenge);
    return b64(signLogin(signKeyPair(derive(bytes(input["seed"]), 2)).secretKey, challenge));
  },
};
