/**
 * What app/ asks of the outside world. Each method of Store is one whole act: it happens
 * durably (fsync'd) before its promise resolves, or not at all. Bytes that describe a case
 * arrive here already vault-sealed; the store never sees a case id.
 */
import type { Subtree } from "../crypto/log-tree.ts";
import type { Roster } from "../crypto/roster.ts";

/** A calendar day, UTC, counted from 1970-01-01. The finest time that is kept of a reporter. */
export type Day = number;

export interface Clock {
  today(): Day;
  /** Milliseconds, for sessions and nonces in memory only; never stored. */
  now(): number;
}

/** Tells members, outside the portal, that there is a reason to open it. Says nothing of any case. */
export interface Messenger {
  /** Person ids of those who are told at once of an urgent report: ombuds and recovery members with an address. */
  urgentTo(roster: Roster): number[];
  /** Tells them, after the caller has gone on: it waits for nothing, and nothing is thrown. */
  urgent(roster: Roster): void;
}

export interface Portal {
  portalId: Uint8Array;
  charterKey: Uint8Array;
  officeKey: Uint8Array;
}

export interface SignedRoster {
  epoch: number;
  bytes: Uint8Array;
  /** minisign signature file, UTF-8. */
  signature: Uint8Array;
}

export interface Invite {
  /** 16 bytes, hex. */
  id: string;
  name: string;
  title: string;
  roles: string[];
  /** The member's public keys with MAC and self-signature, once they joined. */
  join: Uint8Array | null;
}

/** A case as stored: everything that says something is sealed to its vault key. */
export interface CaseRow {
  /** 32 bytes: keyed hash of the case id. */
  idx: Uint8Array;
  vaultPk: Uint8Array;
  /** Counts writes; the compare-and-set of every change. */
  version: number;
  /** Vault-sealed CaseState. */
  state: Uint8Array;
}

export interface EventRow {
  /** 16 bytes: keyed hash of (case, stream, seq): unique, and unreadable without the keyring. */
  rowKey: Uint8Array;
  /** 16 bytes: keyed hash of the envelope id. */
  envKey: Uint8Array;
  /** Vault-sealed envelope with its slots. */
  sealed: Uint8Array;
}

export interface PendingFeedItem {
  memberId: number;
  itemId: Uint8Array;
  ctx: Uint8Array;
  slot: Uint8Array;
}

export interface NewCase {
  row: CaseRow;
  event: EventRow;
  tokenHash: Uint8Array;
  feed: PendingFeedItem[];
  leaf: Uint8Array;
  day: Day;
  /** The receipt, encrypted under a hash of the envelope. */
  receipt: Uint8Array;
  /** Envelope id of the attachment object to claim, or null. */
  object: Uint8Array | null;
}

/** "stored" the first time; "known" when case or envelope id exist already (the caller compares bytes). */
export type Admission = "stored" | "known";

export interface NewEvent {
  idx: Uint8Array;
  /** The version of the case row this was made against; anything else answers "conflict". */
  expectedVersion: number;
  state: Uint8Array;
  event: EventRow | null;
  tokenHash: Uint8Array | null;
  object: Uint8Array | null;
  /** A log leaf to append, if the act is logged. */
  leaf: Uint8Array | null;
  day: Day;
}

/** Everything of a case that the store can only be told by who can open it. */
export interface Shred {
  idx: Uint8Array;
  /** As in NewEvent: what came in meanwhile must be listed too. */
  expectedVersion: number;
  day: Day;
  rowKeys: Uint8Array[];
  /** Of the report, whose receipt is kept under it. */
  envKey: Uint8Array;
  /** Contexts of the report's feed items: those that wait go, those published stay as they are. */
  feedContexts: Uint8Array[];
  /** Envelope ids of attachment objects: their rows go; the files are the caller's to remove. */
  objects: Uint8Array[];
  /** What its quarter would lose, written in the same breath; null: the quarter is published already. */
  tally: Tally | null;
}

/** What is kept of deleted cases until their quarter is published: counts, no case. */
export interface Tally {
  /** "2026-Q4" */
  quarter: string;
  /** From 1; each writing is the next one. */
  version: number;
  /** Sealed to the keyring. */
  sealed: Uint8Array;
}

export interface PublishedHeartbeat {
  /** "2026-Q4" */
  quarter: string;
  /** Canonical JSON, as it is signed. */
  bytes: Uint8Array;
  /** minisign signature file, UTF-8. */
  signature: Uint8Array;
}

export interface Upload {
  envId: Uint8Array;
  ticketHash: Uint8Array;
  /** Declared length, bytes; reserved against the budget. */
  length: number;
  received: number;
  /** SHA-256 of the complete object, once complete. */
  hash: Uint8Array | null;
  day: Day;
  claimed: boolean;
}

/** The hash of a full subtree of the log, 32 bytes. */
export interface LogNode extends Subtree {
  hash: Uint8Array;
}

export interface FeedPage {
  /** The tick to ask after next; short of newestTick() when a page did not hold everything. */
  newestTick: number;
  items: { itemId: Uint8Array; ctx: Uint8Array; slot: Uint8Array }[];
}

/** One saved version of a file of the presentation. */
export interface PresentationFile {
  /** Letters, digits and hyphens, 60 at most. */
  name: string;
  /** From 1, without gaps. */
  version: number;
  /** Empty: what comes with the software is in force. */
  bytes: Uint8Array;
  day: Day;
}

export interface Store {
  findPortal(): Promise<Portal | null>;
  /** Replaces the portal while no roster is signed; afterwards "refused". */
  putPortal(portal: Portal): Promise<"stored" | "refused">;
  findSetupSecretHash(): Promise<Uint8Array | null>;
  /** Null forgets it. */
  putSetupSecretHash(hash: Uint8Array | null): Promise<void>;

  listRosters(): Promise<SignedRoster[]>;
  /** Appends epoch n+1 after n (the first is 0 or 1); forgets the set-up secret; "conflict" when the epoch is taken or skipped. */
  appendRoster(roster: SignedRoster): Promise<"stored" | "conflict">;

  listInvites(): Promise<Invite[]>;
  findInvite(id: string): Promise<Invite | null>;
  putInvite(invite: Invite): Promise<"stored" | "conflict">;
  deleteInvite(id: string): Promise<void>;
  /** Keeps the first join only. */
  joinInvite(id: string, join: Uint8Array): Promise<"stored" | "conflict" | "missing">;

  /**
   * Saves case, event, token, feed items, receipt and log leaf together, or none; claims the object.
   * Throws "missing" when the object is not complete, "conflict" when it was claimed already.
   */
  admitCase(newCase: NewCase): Promise<Admission>;
  findCase(idx: Uint8Array): Promise<CaseRow | null>;
  findCasesByToken(tokenHashes: Uint8Array[]): Promise<(CaseRow | null)[]>;
  /** Cases in the order of their idx, which says nothing, from the one after `after` on. */
  listCases(after: Uint8Array | null, limit: number): Promise<CaseRow[]>;
  findReceipt(envKey: Uint8Array): Promise<Uint8Array | null>;
  /**
   * Changes a case by compare-and-set and appends its event, or neither. "known": the envelope id
   * exists already (also after later changes, so that a repeated request is told so). A case that
   * is not there answers "conflict". The object is claimed as in admitCase.
   */
  changeCase(change: NewEvent): Promise<"stored" | "conflict" | "known">;
  /**
   * Deletes a case by compare-and-set, with events, tokens, receipt, waiting feed items and upload
   * rows, and leaves a tombstone; all or none, and gone from the write-ahead log too once `forgotten` says so. The tombstone
   * is "unfinished" until finishShred: the caller still has to destroy the vault's key.
   */
  shredCase(shred: Shred): Promise<"stored" | "conflict">;
  /** The day a case was deleted. No case can be admitted in its place. */
  findTombstone(idx: Uint8Array): Promise<Day | null>;
  listUnfinishedShreds(): Promise<Uint8Array[]>;
  finishShred(idx: Uint8Array): Promise<void>;
  /**
   * Whether what was deleted is gone from the write-ahead log too. A backup that reads at the same time
   * holds it there; it is tried again each second, and whenever this is asked.
   */
  forgotten(): Promise<boolean>;
  findEvents(rowKeys: Uint8Array[]): Promise<(Uint8Array | null)[]>;
  /** The one event with this envelope id. */
  findEventByEnvelope(envKey: Uint8Array): Promise<Uint8Array | null>;

  findUpload(envId: Uint8Array): Promise<Upload | null>;
  /**
   * Reserves; "full" when unclaimed uploads (finished or not) together would exceed the budget,
   * each counted as in unclaimedBytes; "conflict" when the envelope id is taken.
   */
  reserveUpload(upload: Upload, budgetBytes: number): Promise<"stored" | "full" | "conflict">;
  /** Bytes that unclaimed uploads hold: each what it received, but at least 256 KiB or its length. */
  unclaimedBytes(): Promise<number>;
  /** Envelope ids of unclaimed uploads, finished or not. */
  listUnclaimed(): Promise<Uint8Array[]>;
  /** Records progress after the bytes are fsync'd; compare-and-set on the received count. */
  advanceUpload(envId: Uint8Array, from: number, to: number, hash: Uint8Array | null): Promise<boolean>;
  /** Forgets one unclaimed upload; false when it is not there or was claimed: its file must stay. */
  dropUpload(envId: Uint8Array): Promise<boolean>;
  /** Unclaimed uploads begun before the given day: rows are deleted, ids returned so that files can go. */
  expireUploads(before: Day): Promise<Uint8Array[]>;

  /** Waiting items, oldest day first and in random order within a day: nothing starves, and no order finer than days is kept. */
  pendingFeed(memberId: number, limit: number): Promise<PendingFeedItem[]>;
  newestTick(): Promise<number>;
  /**
   * Publishes one tick for all members at once: waiting items are moved, fillers inserted; all or
   * none. Throws "conflict" unless the tick is newer than the newest: who read that one already
   * would miss what came later.
   */
  publishFeed(tick: number, items: PendingFeedItem[]): Promise<void>;
  /** Whole ticks after the given one, by tick and then by random item id; some 4,096 items at most. */
  feedAfter(memberId: number, tick: number): Promise<FeedPage>;

  /**
   * Closes every day before the given one: its leaves, filled with random ones to a multiple of 64, go into the log
   * in the order of their bytes; days on which nothing happened too. On an empty log it begins with the day before.
   * The store closes by itself before the first leaf of another day. Until then a leaf waits, in no order.
   */
  padLog(before: Day): Promise<void>;
  /** The day of the newest leaf, one that waits too; null: there is none. */
  newestLogDay(): Promise<Day | null>;
  /** How many leaves stand in the log, a multiple of 64, and to how many of them the nodes of level 6 are kept. */
  logLength(): Promise<{ leaves: number; hashed: number }>;
  /** Of those that stand in the log, from number `from` on. */
  listLeaves(from: number, limit: number): Promise<{ leaf: Uint8Array; day: Day }[]>;
  /** Each leaf's number in the log; "waiting": its day is not closed; null: there is none. */
  findLeaves(leaves: Uint8Array[]): Promise<(number | "waiting" | null)[]>;
  /** Hashes of full subtrees, level 6 and up; null: not kept. */
  findLogNodes(subtrees: Subtree[]): Promise<(Uint8Array | null)[]>;
  /** Keeps hashes; those kept already stay as they are, for a log does not change. */
  putLogNodes(nodes: LogNode[]): Promise<void>;

  /** The newest version of each file that was ever saved, by name. */
  listPresentation(): Promise<PresentationFile[]>;
  /**
   * Appends version n+1 after n of each file, or nothing at all: "conflict"; "full" when all
   * versions of all files together would exceed `mostBytes`.
   */
  putPresentation(files: PresentationFile[], mostBytes: number): Promise<"stored" | "conflict" | "full">;
  /** Keeps questionnaires by their version, for good; those known already stay as they are. */
  putQuestionnaires(asked: { version: string; text: string }[]): Promise<void>;
  findQuestionnaire(version: string): Promise<string | null>;

  /** What was published, oldest quarter first. */
  listHeartbeats(): Promise<PublishedHeartbeat[]>;
  /**
   * Publishes a quarter for good, and forgets its tally. "known": published already, which stays as it
   * is. "conflict": the tally is not at this version any more (0: there is none), so count again.
   */
  putHeartbeat(heartbeat: PublishedHeartbeat, tallyVersion: number): Promise<"stored" | "known" | "conflict">;
  /** Of quarters that are not published, oldest first. */
  listTallies(): Promise<Tally[]>;
  /** "conflict" unless the version follows the last one, and when the quarter is published. */
  putTally(tally: Tally): Promise<"stored" | "conflict">;

  /** Which of the fixed hours reminders were last sent at, minutes since 1970-01-01; null: at none yet. */
  findReminderSlot(): Promise<number | null>;
  /** By compare-and-set: false when another came first. */
  advanceReminderSlot(from: number | null, to: number): Promise<boolean>;

  close(): Promise<void>;
}

/** The vault keys' store: its own file, held apart from the database and its backups. */
export interface KeyringStore {
  /**
   * Keeps the first entry only, and returns the one in force: of two equal submissions at once,
   * the second must use the first one's key, never replace it.
   */
  put(idx: Uint8Array, sealed: Uint8Array): Promise<Uint8Array>;
  find(idx: Uint8Array): Promise<Uint8Array | null>;
  findMany(idxs: Uint8Array[]): Promise<(Uint8Array | null)[]>;
  /** Shreds a case: the entry is overwritten, and gone from the write-ahead log too once `forgotten` says so. */
  remove(idx: Uint8Array): Promise<void>;
  /** As Store.forgotten. */
  forgotten(): Promise<boolean>;
  close(): Promise<void>;
}

/** One record of the notice: a version, a person, a place. What it says only the keyring's key opens. */
export interface NoticeRecord {
  /** 16 random bytes. */
  key: Uint8Array;
  sealed: Uint8Array;
}

/** Its own file: who was given the notice is held apart from everything about cases. */
export interface NoticeStore {
  list(): Promise<NoticeRecord[]>;
  /** Puts these and removes those, all or none; what was there before is gone from the write-ahead log too once `forgotten` says so. */
  change(put: NoticeRecord[], remove: Uint8Array[]): Promise<void>;
  /** As Store.forgotten. */
  forgotten(): Promise<boolean>;
  close(): Promise<void>;
}

/** Attachment objects: files named by envelope id. No free disk is "full", no such object "missing". */
export interface ObjectStore {
  /**
   * Appends a part at exactly this offset, streaming; fsyncs; returns the new length. A part that
   * fails leaves the object at `offset`. Throws "large" when the part has more than `maxBytes`,
   * "conflict" when the object is shorter than `offset` or is being written to at this moment.
   */
  appendPart(envId: Uint8Array, offset: number, part: AsyncIterable<Uint8Array>, maxBytes: number): Promise<number>;
  /** SHA-256 of the whole object, streamed. */
  hash(envId: Uint8Array): Promise<Uint8Array>;
  /** `range`: first byte and one behind the last; all of it without. */
  read(envId: Uint8Array, range?: { start: number; end: number }): AsyncIterable<Uint8Array>;
  remove(envId: Uint8Array): Promise<void>;
  /** Envelope ids of all objects, so that files whose upload row is gone (a crash between the two) can go. */
  list(): AsyncIterable<Uint8Array>;
  /** Bytes free on the disk that holds the objects. */
  freeBytes(): Promise<number>;
}
