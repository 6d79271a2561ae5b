/**
 * A trial organisation for tests: charter, members, a chain of two rosters, a mailbox, a filed
 * report. Keys derive from names, so they are the same at every run; what sealing draws at random
 * is not.
 */
import { toBase64, toHex, utf8 } from "../../crypto/bytes.ts";
import type { ReportContent } from "../../crypto/content.ts";
import { generateEnvId, sealReport, type ObjectRef, type Place } from "../../crypto/envelope/seal.ts";
import { envelopeHashOf, formatEnvelopeWithSlots, type Envelope } from "../../crypto/envelope/wire.ts";
import { derive, hash } from "../../crypto/hash.ts";
import {
  caseIdOf,
  deriveCharter,
  deriveMember,
  parseCaseKey,
  parseCharterSeed,
  parseMemberSeed,
  parseTeamKey,
  portalIdOf,
  publicKeysOf,
  type CaseKey,
  type CharterSecrets,
  type Mailbox,
  type MemberKeys,
  type MemberSecrets,
  type MemberSeed,
  type TeamKey,
} from "../../crypto/keys.ts";
import { encodeReceiptCode, type ReceiptCode } from "../../crypto/receipt.ts";
import {
  openRosterChain,
  readersOf,
  rosterHashOf,
  signRoster,
  type Role,
  type Roster,
  type RosterChain,
  type RosterContent,
  type SignedRosterBytes,
} from "../../crypto/roster.ts";
import { kemKeyPair, signKeyPair, type KeyPair } from "../../crypto/sodium.ts";
import { english } from "../../crypto/words.ts";

/** 32 bytes that depend on the name alone. */
export function seedFor(name: string): Uint8Array {
  return hash(32, null, "fixture", utf8(name));
}

export interface FixtureMember {
  id: number;
  name: string;
  roles: Role[];
  seed: MemberSeed;
  secrets: MemberSecrets;
  keys: MemberKeys;
}

export function makeMember(id: number, name: string, roles: Role[]): FixtureMember {
  const seed = parseMemberSeed(seedFor(`member ${name}`));
  const secrets = deriveMember(seed);
  return { id, name, roles, seed, secrets, keys: publicKeysOf(secrets) };
}

export function rosterMember({ id, name, roles, keys }: FixtureMember): RosterContent["members"][number] {
  const text = {
    sign: toBase64(keys.sign),
    login: toBase64(keys.login),
    export: toBase64(keys.export),
    box: toBase64(keys.box),
    kem: toBase64(keys.kem),
  };
  return { id, name, title: roles.join(", "), roles, keys: text };
}

export interface Organisation {
  charter: CharterSecrets;
  portalId: Uint8Array;
  /** The server's log key pair; its public half is in the rosters. */
  log: KeyPair;
  /** Everybody who ever was a member, by first name; see `organisation` for who they are. */
  members: Record<"rosa" | "carl" | "dana" | "olu" | "paper" | "nia", FixtureMember>;
  /** As parsed content, oldest first. */
  contents: RosterContent[];
  /** As the server keeps them, oldest first. */
  signed: SignedRosterBytes[];
  /** Both rosters; `chain.current` is epoch 2. */
  chain: RosterChain;
  /** What was known before the second roster was signed. */
  firstChain: RosterChain;
}

/**
 * Epoch 1: 1 Rosa (reviewer), 2 Carl (counsel), 3 Dana (director), 4 Olu (operator, no recipient),
 * 5 the paper recovery member. Epoch 2: Dana has left, 6 Nia (reviewer) has come. One channel,
 * "general", read by all recipients but the recovery member, who reads every channel anyway.
 */
export function makeOrganisation(
  name = "Fixture & Sons",
  log: KeyPair = signKeyPair(seedFor(`log ${name}`)),
  trial = true,
  questionnaire = "general",
  approval = false,
): Organisation {
  const charter = deriveCharter(parseCharterSeed(seedFor(`charter ${name}`)));
  const portalId = portalIdOf(charter.sign.publicKey);
  const members = {
    rosa: makeMember(1, "Rosa Reviewer", ["reviewer"]),
    carl: makeMember(2, "Carl Counsel", ["counsel"]),
    dana: makeMember(3, "Dana Director", ["director"]),
    olu: makeMember(4, "Olu Operator", ["operator"]),
    paper: makeMember(5, "Paper in the safe", ["recovery"]),
    // Where another counsel may approve.
    nia: makeMember(6, "Nia New", approval ? ["reviewer", "counsel"] : ["reviewer"]),
  };
  const { rosa, carl, dana, olu, paper, nia } = members;
  const first: RosterContent = {
    format: "tellhaven-roster-1",
    portalId: toHex(portalId),
    charterKey: toBase64(charter.sign.publicKey),
    officeKey: toBase64(charter.office.publicKey),
    logKey: toBase64(log.publicKey),
    epoch: 1,
    previous: "00".repeat(32),
    issued: "2026-01-05",
    expires: "2027-01-05",
    trial,
    organisation: name,
    settings: { assisted: true, ...(approval ? { approval } : {}) },
    recipientRoles: ["reviewer", "counsel", "director"],
    members: [rosa, carl, dana, olu, paper].map(rosterMember),
    channels: [{ id: "general", name: "Speak up", questionnaire, readers: [1, 2, 3] }],
  };
  const signedFirst = signRoster(first, charter);
  const second: RosterContent = {
    ...first,
    epoch: 2,
    previous: toHex(rosterHashOf(signedFirst.bytes)),
    issued: "2026-03-02",
    expires: "2027-03-02",
    members: [rosa, carl, olu, paper, nia].map(rosterMember),
    channels: [{ id: "general", name: "Speak up", questionnaire, readers: [1, 2, 6] }],
  };
  const signed = [signedFirst, signRoster(second, charter)];
  return {
    charter,
    portalId,
    log,
    members,
    contents: [first, second],
    signed,
    chain: openRosterChain(signed),
    firstChain: openRosterChain([signedFirst]),
  };
}

/** A receipt code that depends on the name alone. */
export function makeReceiptCode(name = "reporter"): ReceiptCode {
  return encodeReceiptCode(seedFor(`code ${name}`).subarray(0, 10), english);
}

/** A mailbox without the slow step; for one that a code opens take deriveMailbox(makeReceiptCode().canonical, …). */
export function makeMailbox(portalId: Uint8Array, name = "reporter"): Mailbox {
  const master = seedFor(`mailbox ${name}`);
  const sign = signKeyPair(derive(master, 1));
  const kem = kemKeyPair(derive(master, 2));
  return { portalId, caseId: caseIdOf(portalId, sign.publicKey, kem.publicKey), sign, kem, wrap: derive(master, 3) };
}

export const makeCaseKey = (name = "case"): CaseKey => parseCaseKey(seedFor(`case key ${name}`));
export const makeTeamKey = (name = "case"): TeamKey => parseTeamKey(seedFor(`team key ${name}`));

export interface FiledReport {
  mailbox: Mailbox;
  caseKey: CaseKey;
  envId: Uint8Array;
  envelope: Envelope;
  /** Envelope ‖ slots, as it is posted. */
  bytes: Uint8Array;
  readers: number[];
  roster: Roster;
}

export interface ReportOptions {
  /** The roster it is made under; the organisation's current one. */
  roster?: Roster;
  mailbox?: Mailbox;
  /** Real ones are random: two reports on one server need two. */
  caseKey?: CaseKey;
  /** Person ids the reporter leaves out. */
  excluded?: number[];
  flags?: number;
  what?: string;
  files?: ReportContent["files"];
  object?: ObjectRef | null;
  envId?: Uint8Array;
}

export function fileReport(organisation: Organisation, options: ReportOptions = {}): FiledReport {
  const roster = options.roster ?? organisation.chain.current;
  const mailbox = options.mailbox ?? makeMailbox(organisation.portalId);
  const excluded = options.excluded ?? [];
  const readers = readersOf(roster, "general", excluded);
  const caseKey = options.caseKey ?? makeCaseKey();
  const envId = options.envId ?? generateEnvId();
  const envelope = sealReport({
    mailbox,
    roster,
    caseKey,
    envId,
    flags: options.flags ?? 0,
    content: {
      channel: "general",
      language: "en",
      answers: { what: options.what ?? "The guard of press 4 was taken off.", categories: ["safety"] },
      readers,
      excluded,
      files: options.files ?? [],
    },
    summary: { channel: "general", category: "safety", language: "en", title: "Press 4 runs without its guard" },
    object: options.object ?? null,
  });
  return { mailbox, caseKey, envId, envelope, bytes: formatEnvelopeWithSlots(envelope), readers, roster };
}

/** Where the next envelope of the case goes. `previous`: the newest of its stream, null before the first. */
export function placeAfter(report: FiledReport, previous: Envelope | null, roster = report.roster): Place {
  const { portalId, caseId } = report.mailbox;
  return {
    portalId,
    caseId,
    roster,
    seq: previous === null ? 0 : previous.header.seq + 1,
    prevHash: previous === null ? new Uint8Array(32) : envelopeHashOf(previous),
    keyEpoch: 0,
  };
}
