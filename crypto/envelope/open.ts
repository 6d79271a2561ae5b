/**
 * PROTOCOL.md §13: opening and verifying. Nothing is answered before everything around it
 * verified; null means "not for me", an exception "for me, but damaged or forged".
 */
import { concat, equal, Reader } from "../bytes.ts";
import { conversationShapes, parseContent } from "../content.ts";
import { PortalError } from "../errors.ts";
import {
  parseCaseKey,
  tokenHashOf,
  tokenOf,
  type CaseKey,
  type Mailbox,
  type MemberSecrets,
  type TeamKey,
} from "../keys.ts";
import { unpadText } from "../padding.ts";
import { findMember, type Roster, type RosterChain } from "../roster.ts";
import type { z } from "../shape.ts";
import { signatureBytes, verify } from "../signature.ts";
import { openReporterSlot, openSlot, reporterSlotCtx, slotCtx } from "../slot.ts";
import { decryptX } from "../sodium.ts";
import { openChunks, startOpening } from "../stream.ts";
import type { ContentOf, SpokenKind } from "../team-content.ts";
import { checkEnvelope } from "./check.ts";
import { checkHeirs } from "./heirs.ts";
import { areReaders, bodyAd, bodyKeyOf, commitOf, plainHashOf } from "./seal.ts";
import {
  envelopeHashOf,
  kinds,
  parseEnvelope,
  signedHeaderBytes,
  streamOf,
  type Envelope,
  type Kind,
  type Stream,
} from "./wire.ts";

/** One verified envelope: who wrote what, where. */
export type Entry = SpokenEntry | DamagedEntry;

type SpokenEntry = {
  [K in SpokenKind]: {
    kind: K;
    seq: number;
    envId: Uint8Array;
    hash: Uint8Array;
    flags: number;
    /** Length of the attachment object, 0 without. */
    objLen: number;
    /** The roster epoch it was made under. */
    epoch: number;
    /** Person id of the member who wrote it; null: the reporter. */
    author: number | null;
    content: ContentOf[K];
  };
}[SpokenKind];

/**
 * An envelope in its place whose inside does not verify. The server cannot look inside, so a
 * dishonest reader could post one; it must not silence what the others write.
 */
export interface DamagedEntry {
  kind: "damaged";
  seq: number;
  envId: Uint8Array;
  hash: Uint8Array;
  flags: number;
  objLen: number;
  epoch: number;
  /** Nobody knows. */
  author: null;
  content: { unread: true };
}

/** What to do about one envelope that does not verify inside: refuse the whole stream, or mark it and go on. */
export type OnDamage = "throw" | "mark";

export type EntryOf<K extends SpokenKind> = Extract<Entry, { kind: K }>;

/** The key in this member's slot, or null: not a reader. Only of kinds that carry a row. */
export function openOwnSlot(
  envelope: Envelope,
  roster: Roster,
  personId: number,
  secrets: MemberSecrets,
): Uint8Array | null {
  const { header, slots } = envelope;
  const index = roster.recipients.findIndex((member) => member.id === personId);
  const member = roster.recipients[index];
  const slot = slots[index];
  if (member === undefined || slot === undefined) return null;
  return openSlot(slot, slotCtx({ ...header, kind: kinds[header.kind] }, index, member.keys), secrets);
}

/** The case key from a report's slot. @throws PortalError "forged" */
export function openReportSlot(
  envelope: Envelope,
  chain: RosterChain,
  personId: number,
  secrets: MemberSecrets,
): CaseKey | null {
  if (envelope.header.report === null) throw new PortalError("format", "not a report");
  const roster = checkEnvelope(envelope, chain, envelope.header.report.mailboxSign);
  const key = openOwnSlot(envelope, roster, personId, secrets);
  return key === null ? null : parseCaseKey(key);
}

/** The case key from the wrap in the reporter's own report. @throws PortalError "forged" */
export function openReportWrap(envelope: Envelope, mailbox: Mailbox): CaseKey {
  const { header } = envelope;
  if (header.report === null) throw new PortalError("format", "not a report");
  const { wrap } = header.report;
  return parseCaseKey(
    decryptX(wrap.subarray(24), wrap.subarray(0, 24), concat(header.caseId, header.envId), mailbox.wrap),
  );
}

/** The next case key from the reporter's own slot in a rekey, or null. */
export function followRekeyByMailbox({ header, slots }: Envelope, mailbox: Mailbox): Uint8Array | null {
  const keys = { sign: mailbox.sign.publicKey, kem: mailbox.kem.publicKey };
  const ctx = reporterSlotCtx({ ...header, kind: kinds[header.kind] }, keys);
  return openReporterSlot(slots.at(-1) ?? new Uint8Array(), ctx, mailbox.kem.secretKey);
}

/** Commit, token, every chunk, one FINAL, zero padding. @throws PortalError "forged" | "format" */
export function openBody(envelope: Envelope, key: CaseKey | TeamKey): Uint8Array {
  const { header, headerBytes, chunks } = envelope;
  if (!equal(header.commit, commitOf(key, header))) throw new PortalError("forged", "sealed under another key");
  // The server files the envelope under this: it must be what holders of the key will present.
  if (!equal(header.tokenHash, tokenHashOf(tokenOf(key)))) throw new PortalError("forged", "filed under another token");
  const opening = startOpening(bodyKeyOf(key, header.envId), header.streamHeader, bodyAd(headerBytes));
  return unpadText(openChunks(opening, chunks));
}

/** Verifies the signature inside, by a recipient of the envelope's roster. */
export function openMembersContent(
  envelope: Envelope,
  plain: Uint8Array,
  roster: Roster,
  kind: Exclude<SpokenKind, "report" | "message">,
): { author: number; json: Uint8Array } {
  const reader = new Reader(plain);
  const signature = reader.take(signatureBytes);
  const rest = reader.take(reader.left);
  const restReader = new Reader(rest);
  const author = restReader.u32le();
  // A member who is no recipient any more has lost their part in every case.
  const member = roster.recipients.find((each) => each.id === author);
  if (member === undefined) throw new PortalError("forged", "written by somebody who is no reader");
  verify(signature, member.keys.sign, kind, envelope.headerBytes.subarray(0, signedHeaderBytes), plainHashOf(rest));
  return { author, json: restReader.take(restReader.left) };
}

const beginsEpoch = (kind: Kind): boolean => kind === "rekey" || kind === "teamrekey";

/** What must hold from one envelope of a stream to the next. */
export class Walk {
  #seq = 0;
  #hash: Uint8Array = new Uint8Array(32);
  #rosterEpoch: number;
  #keyEpoch = 0;
  readonly #caseId: Uint8Array;
  readonly #stream: Stream;

  constructor(caseId: Uint8Array, stream: Stream, leastEpoch: number) {
    this.#caseId = caseId;
    this.#stream = stream;
    this.#rosterEpoch = leastEpoch;
  }

  step(envelope: Envelope, roster: Roster): Uint8Array {
    const { header } = envelope;
    if (!equal(header.caseId, this.#caseId) || streamOf(header.kind) !== this.#stream)
      throw new PortalError("forged", "belongs to another case or stream");
    if (header.seq !== this.#seq || !equal(header.prevHash, this.#hash))
      throw new PortalError("forged", "an envelope is missing or out of order");
    if (roster.epoch < this.#rosterEpoch) throw new PortalError("forged", "made under a roster that was replaced");
    // Only a rekey begins a new key epoch.
    const epoch = this.#keyEpoch + (beginsEpoch(header.kind) ? 1 : 0);
    if (header.keyEpoch !== epoch) throw new PortalError("forged", "made under a key that nobody announced");
    this.#keyEpoch = epoch;
    this.#seq += 1;
    this.#hash = envelopeHashOf(envelope);
    this.#rosterEpoch = roster.epoch;
    return this.#hash;
  }
}

/** Follows a rekey to its key, by one's own slot in it. Null: it was not given to this person. */
export type FollowKey = (rekey: Envelope, roster: Roster) => Uint8Array | null;

/** A conversation, verified. */
export interface OpenedConversation {
  report: EntryOf<"report">;
  entries: Entry[];
  /** Who reads what comes next: the report's readers, or those of the newest rekey. */
  readers: number[];
  /** Case keys by epoch; null from the first on that was not given to this person, or does not verify. */
  keys: (CaseKey | null)[];
  /** The roster under which the newest key was given out. */
  keyRoster: Roster;
}

/**
 * Opens a whole conversation, from the report on. @throws PortalError "forged" | "format"
 * at the first envelope that does not hold; with "mark", at the first that is out of place, while
 * later ones whose inside does not verify become damaged entries, and so does everything after a
 * rekey that does not.
 */
export function openConversation(
  raw: Uint8Array[],
  chain: RosterChain,
  caseId: Uint8Array,
  caseKey: CaseKey,
  onDamage: OnDamage = "throw",
  follow: FollowKey = () => null,
): OpenedConversation {
  const envelopes = raw.map(parseEnvelope);
  const first = envelopes[0]?.header.report;
  if (first === undefined || first === null)
    throw new PortalError("format", "the conversation does not begin with a report");
  const walk = new Walk(caseId, 0, 1);
  const entries: Entry[] = [];
  const keys: (CaseKey | null)[] = [caseKey];
  let report: EntryOf<"report"> | null = null;
  let readers: number[] = [];
  let keyRoster = chain.current;
  for (const envelope of envelopes) {
    const roster = checkEnvelope(envelope, chain, first.mailboxSign);
    const hash = walk.step(envelope, roster);
    if (envelope.header.kind === "rekey") {
      const rekeyed = openRekey(envelope, hash, roster, { keys, readers, keyRoster, follow, onDamage });
      entries.push(rekeyed.entry);
      keys.push(rekeyed.key);
      if (rekeyed.entry.kind === "rekey") [readers, keyRoster] = [rekeyed.entry.content.readers, roster];
      continue;
    }
    // Without its report there is no case: that one must always hold.
    const judged = report === null ? "throw" : onDamage;
    const entry = openEntry(envelope, hash, roster, keys.at(-1)!, readers, judged, conversationShapes);
    if (entry.kind === "report") {
      checkPeople(entry.content, roster);
      [report, readers, keyRoster] = [entry, entry.content.readers, roster];
    }
    entries.push(entry);
  }
  if (report === null) throw new PortalError("format", "there is no report");
  return { report, entries, readers, keys, keyRoster };
}

/** How far a conversation was opened when a rekey comes. */
interface Before {
  keys: readonly (CaseKey | null)[];
  readers: readonly number[];
  keyRoster: Roster;
  follow: FollowKey;
  onDamage: OnDamage;
}

/** A rekey with the key that it brings; damaged and null where it does not hold. */
function openRekey(
  envelope: Envelope,
  hash: Uint8Array,
  roster: Roster,
  { keys, readers, keyRoster, follow, onDamage }: Before,
): { entry: Entry; key: CaseKey | null } {
  try {
    const last = keys.at(-1) ?? null;
    const followed = last === null ? null : follow(envelope, roster);
    if (last === null || followed === null) throw new PortalError("forged", "a new key that was not given to you");
    const key = parseCaseKey(followed);
    const entry = openEntry(envelope, hash, roster, key, readers, "throw", conversationShapes) as EntryOf<"rekey">;
    checkHeirs(entry, last, entry.content.readers, { readers, keyRoster, roster });
    return { entry, key };
  } catch (error) {
    if (onDamage === "throw" || !(error instanceof PortalError)) throw error;
    return { entry: damagedEntry(envelope, hash, roster), key: null };
  }
}

/**
 * Who reads stands in the report, under the reporter's signature: recipients of its roster, none
 * of them excluded. Anybody else named there would count as a reader once they become a recipient.
 * Who wrote it down for the reporter, if anybody, is a member of that roster.
 */
function checkPeople({ readers, excluded, taken }: ContentOf["report"], roster: Roster): void {
  const takenByNobody = taken !== undefined && findMember(roster, taken.by) === null;
  if (takenByNobody || !areReaders(readers, excluded, roster))
    throw new PortalError("format", "the report names impossible people");
}

/** Of the kinds that a stream has. */
export type StreamShapes = { readonly [K in SpokenKind]?: z.ZodMiniType<ContentOf[K]> };

const speaks = (shapes: StreamShapes, kind: string): kind is SpokenKind => Object.hasOwn(shapes, kind);

/** `key`: null where it was not given to this person. */
export function openEntry(
  envelope: Envelope,
  hash: Uint8Array,
  roster: Roster,
  key: CaseKey | TeamKey | null,
  readers: readonly number[],
  onDamage: OnDamage,
  shapes: StreamShapes,
): Entry {
  try {
    if (key === null) throw new PortalError("forged", "sealed under a key that was not given to you");
    return openSpoken(envelope, hash, roster, key, readers, shapes);
  } catch (error) {
    if (onDamage === "throw" || !(error instanceof PortalError)) throw error;
    return damagedEntry(envelope, hash, roster);
  }
}

function damagedEntry({ header }: Envelope, hash: Uint8Array, roster: Roster): DamagedEntry {
  const { seq, envId, flags, objLen } = header;
  return {
    kind: "damaged",
    seq,
    envId,
    hash,
    flags,
    objLen,
    epoch: roster.epoch,
    author: null,
    content: { unread: true },
  };
}

function openSpoken(
  envelope: Envelope,
  hash: Uint8Array,
  roster: Roster,
  key: CaseKey | TeamKey,
  readers: readonly number[],
  shapes: StreamShapes,
): SpokenEntry {
  const { header } = envelope;
  const { kind } = header;
  if (!speaks(shapes, kind)) throw new PortalError("format", `${kind} envelopes are not understood yet`);
  const plain = openBody(envelope, key);
  const written =
    kind === "report" || kind === "message"
      ? { author: null, json: plain }
      : openMembersContent(envelope, plain, roster, kind);
  if (written.author !== null && !readers.includes(written.author))
    throw new PortalError("forged", "written by somebody who is no reader");
  const content = parseContent<ContentOf[SpokenKind]>(shapes[kind]!, kind, written.json);
  const { seq, envId, flags, objLen } = header;
  return { kind, seq, envId, hash, flags, objLen, epoch: roster.epoch, author: written.author, content } as SpokenEntry;
}
