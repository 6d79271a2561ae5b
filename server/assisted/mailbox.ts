/** The way back for somebody whose browser runs no scripts: opening a case with its code, reading, writing. */
import { openFile } from "../../crypto/attachments.ts";
import { concat, fromUtf8, Reader, utf8 } from "../../crypto/bytes.ts";
import type { FileEntry, MessageContent, Purpose } from "../../crypto/content.ts";
import {
  followRekeyByMailbox,
  openConversation,
  openReportWrap,
  type Entry,
  type EntryOf,
} from "../../crypto/envelope/open.ts";
import { generateEnvId, sealMessage } from "../../crypto/envelope/seal.ts";
import { flagAssisted, formatEnvelopeWithSlots, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { caseIdOf, kemPublicKeyBytes, type CaseKey, type Mailbox } from "../../crypto/keys.ts";
import { parseMailboxAnswer } from "../../crypto/mailbox.ts";
import type { RosterChain } from "../../crypto/roster.ts";
import { caseIndex } from "../../crypto/vault.ts";
import { wipe } from "../../crypto/sodium.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { appendByReporter } from "../app/append-envelope.ts";
import { openInBackupsUntil } from "../../data/policy/deleted-everywhere.ts";
import type { Context } from "../app/context.ts";
import { findMailboxObject, readMailbox, type Hold } from "../app/read-mailbox.ts";
import { abandonUpload } from "../app/upload-object.ts";
import type { Form } from "./form.ts";
import { formatHeld, parseHeld } from "./held.ts";
import { requireWhole, type Problem } from "./problems.ts";
import { storeFiles } from "./store-files.ts";

/** Characters of one message; the JavaScript page takes as many. */
export const longestMessage = 100_000;
/** A message that meets another writer this often in a row has met something else. */
const mostTries = 5;

/** What the page asks for the words with. */
export interface KeptCode {
  is: "code";
  /** As it was typed. */
  typed: string;
  /** A message that was written when the page's time was over. */
  text: string;
  problems: Problem[];
}

/** What an open page lives on until its next click. */
export interface KeptMailbox {
  is: "open";
  mailbox: Mailbox;
  text: string;
  problems: Problem[];
  /** What is told besides: a message was stored, or nothing new was found. */
  news: "sent" | "looked" | null;
  hadFiles: boolean;
  /** What the message is for; "withdraw" is asked about once more before it is sent. */
  purpose: Purpose | null;
  /** Tokens of the page's files: they end with the page. */
  files: string[];
}

const secretBytes = 64 + 32 + 32 + kemPublicKeyBytes + 32;

/** A byte that tells which, then keys as they are, then the rest. */
export function formatKept(kept: KeptCode | KeptMailbox): Uint8Array {
  if (kept.is === "code") return concat(Uint8Array.of(0), formatHeld(kept));
  const { mailbox, ...rest } = kept;
  const { sign, kem, wrap } = mailbox;
  const others = formatHeld(rest);
  return concat(Uint8Array.of(1), sign.secretKey, sign.publicKey, kem.secretKey, kem.publicKey, wrap, others);
}

/** Only of bytes that formatKept made and Held gave back; wipes them. */
export function parseKept(bytes: Uint8Array, portalId: Uint8Array): KeptCode | KeptMailbox {
  const reader = new Reader(bytes);
  try {
    if (reader.u8() === 0) return parseHeld(reader.take(reader.left)) as KeptCode;
    const keys = new Reader(reader.take(secretBytes));
    const sign = { secretKey: keys.take(64), publicKey: keys.take(32) };
    const kem = { secretKey: keys.take(32), publicKey: keys.take(kemPublicKeyBytes) };
    const caseId = caseIdOf(portalId, sign.publicKey, kem.publicKey);
    const mailbox = { portalId, caseId, sign, kem, wrap: keys.take(32) };
    return { ...(parseHeld(reader.take(reader.left)) as Omit<KeptMailbox, "mailbox">), mailbox };
  } finally {
    wipe(bytes);
  }
}

export function wipeMailbox({ sign, kem, wrap }: Mailbox): void {
  wipe(sign.secretKey, kem.secretKey, wrap);
}

export type ConversationEntry = Entry;

export interface Conversation {
  chain: RosterChain;
  /** By epoch; null as in openConversation. */
  keys: (CaseKey | null)[];
  report: EntryOf<"report">;
  /** The report first. */
  entries: Entry[];
  /** Person ids of who reads what comes next. */
  readers: number[];
}

export function wipeKeys(keys: readonly (CaseKey | null)[]): void {
  for (const key of keys) if (key !== null) wipe(key);
}

/**
 * Null: nothing was ever filed with this code. The caller wipes the case keys. `room`: is told how
 * much will be in memory, and may refuse. @throws PortalError "forged" | "busy"
 */
export async function readConversation(context: Context, mailbox: Mailbox, room: Hold): Promise<Conversation | null> {
  const chain = context.book.requireChain();
  const raw = parseMailboxAnswer(await readMailbox(context, mailbox.caseId, room));
  const first = raw[0];
  if (first === undefined) return null;
  const caseKey = openReportWrap(parseEnvelope(first), mailbox);
  const { report, entries, readers, keys } = openConversation(raw, chain, mailbox.caseId, caseKey, "mark", (rekey) =>
    followRekeyByMailbox(rekey, mailbox),
  );
  return { chain, keys, report, entries, readers };
}

/** Day numbers: when it went, and until when a backup of its key may open it (null: none does). */
export interface Deleted {
  day: number;
  backups: number | null;
}

/** When what stood under this code was deleted; null when nothing was. */
export async function findDeleted(context: Context, { caseId }: Mailbox): Promise<Deleted | null> {
  const day = await context.store.findTombstone(caseIndex(context.keys.index, caseId));
  if (day === null) return null;
  return { day, backups: openInBackupsUntil(day, context.settings.keyringBackupDays, context.clock.today()) };
}

/**
 * Seals and stores a message with the form's files. What fails half-way leaves nothing behind.
 * @throws PortalError "missing" when the case is gone; what its parts throw
 */
export async function sendMessage(
  context: Context,
  mailbox: Mailbox,
  { text, purpose }: { text: string; purpose: Purpose | null },
  form: Form,
  room: Hold,
): Promise<void> {
  const envId = generateEnvId();
  const stored = await storeFiles(context, { ...mailbox, envId }, form);
  try {
    requireWhole(form);
    for (let tries = 1; ; tries++) {
      const day = textOfDay(context.clock.today());
      const content = { text, files: stored.files, day, ...(purpose === null ? {} : { purpose }) };
      const bytes = await sealNext(context, mailbox, content, envId, stored.object, room);
      try {
        const appended = await appendByReporter(context, mailbox.caseId, bytes);
        if (appended.is === "stored") return;
        if (tries === mostTries) throw new PortalError("busy", "the case is being written to");
      } catch (error) {
        // The roster changed between sealing and storing: once more, under the new one.
        const again = error instanceof PortalError && error.code === "superseded" && tries < mostTries;
        if (!again) throw error;
      }
    }
  } catch (error) {
    await abandonUpload(context, envId);
    throw error;
  }
}

async function sealNext(
  context: Context,
  mailbox: Mailbox,
  content: MessageContent,
  envId: Uint8Array,
  object: Parameters<typeof sealMessage>[0]["object"],
  room: Hold,
): Promise<Uint8Array> {
  const open = await readConversation(context, mailbox, room);
  if (open === null) throw new PortalError("missing", "no such case");
  const { chain, keys, entries } = open;
  const caseKey = keys.at(-1) ?? null;
  const { seq, hash } = entries.at(-1)!;
  const { portalId, caseId } = mailbox;
  const place = { portalId, caseId, roster: chain.current, seq: seq + 1, prevHash: hash, keyEpoch: keys.length - 1 };
  try {
    if (caseKey === null) throw new PortalError("forged", "the case's newest key does not verify");
    const envelope = sealMessage({ mailbox, place, caseKey, envId, flags: flagAssisted, content, object });
    return formatEnvelopeWithSlots(envelope);
  } finally {
    wipeKeys(keys);
  }
}

/** One file of an open page: enough to save it, nothing else of the case. */
export interface KeptFile {
  entry: FileEntry;
  index: number;
  caseId: Uint8Array;
  envId: Uint8Array;
}

export function formatKeptFile({ entry, index, caseId, envId }: KeptFile): Uint8Array {
  return concat(caseId, envId, utf8(JSON.stringify({ entry, index })));
}

/** Only of bytes that formatKeptFile made and Held gave back; wipes them. */
export function parseKeptFile(bytes: Uint8Array): KeptFile {
  const reader = new Reader(bytes);
  try {
    const [caseId, envId] = [reader.take(32), reader.take(16)];
    return {
      caseId,
      envId,
      ...(JSON.parse(fromUtf8(reader.take(reader.left))) as { entry: FileEntry; index: number }),
    };
  } finally {
    wipe(bytes);
  }
}

/**
 * The plain bytes of a file. The last piece comes only after FINAL, size and SHA-256 were
 * verified: who announced the size and is given less, knows that the file is not whole.
 * @throws PortalError "missing" | "format" at once, "forged" while it is read
 */
export async function openKeptFile(context: Context, file: KeptFile): Promise<AsyncIterable<Uint8Array>> {
  const { portalId } = context.book.requireChain();
  const { caseId, envId, entry, index } = file;
  const { length } = await findMailboxObject(context, caseId, envId);
  const range = { start: entry.offset, end: entry.offset + entry.length };
  if (range.end > length) throw new PortalError("format", "a file stands outside its object");
  const sealed = context.objects.read(envId, range);
  return lastWhenVerified(openFile(entry, index, { portalId, caseId, envId }, sealed));
}

async function* lastWhenVerified(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let last: Uint8Array | null = null;
  for await (const piece of pieces) {
    if (last !== null) yield last;
    last = piece;
  }
  if (last !== null) yield last;
}
