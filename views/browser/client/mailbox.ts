/** The reporter's way back: what a receipt code opens, and what can be added to it. */
import { fromHex, toBase64Url, toHex } from "../../../crypto/bytes.ts";
import { objectBytesFor, openFile, sealObject, type NewFile } from "../../../crypto/attachments.ts";
import type { FileEntry, Purpose } from "../../../crypto/content.ts";
import { openConversation, openReportWrap, type Entry, type EntryOf } from "../../../crypto/envelope/open.ts";
import { generateEnvId, sealMessage, type ObjectRef } from "../../../crypto/envelope/seal.ts";
import { formatEnvelopeWithSlots, parseEnvelope } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { deriveMailbox, type CaseKey, type Mailbox } from "../../../crypto/keys.ts";
import { nonceBytes, openMailboxAnswer, signMailboxRequest, type MailboxAnswer } from "../../../crypto/mailbox.ts";
import type { RosterChain } from "../../../crypto/roster.ts";
import { parseShape, textUpTo, z } from "../../../crypto/shape.ts";
import { send, sendForBytes, sendForJson, type Api } from "./http.ts";
import { sealedFileOf } from "./object-bytes.ts";
import { fetchPortal } from "./portal.ts";
import { startUpload, throwIfAborted, type PutPart } from "./uploads.ts";
import type { Valve } from "./valve.ts";

const nonceShape = z.object({ nonce: textUpTo(2 * nonceBytes) });
/** A message that meets another writer this often in a row has met something else. */
const mostTries = 5;

/** What an open mailbox holds; `entries` begin with the report. */
export interface OpenMailbox {
  api: Api;
  chain: RosterChain;
  mailbox: Mailbox;
  caseKey: CaseKey;
  report: EntryOf<"report">;
  entries: Entry[];
}

/** Bytes of files: sealed on this device, gone from it, stored by the server, and how many there will be. */
export interface TransferProgress {
  sealed: number;
  sent: number;
  stored: number;
  total: number;
}

export interface TransferOptions {
  /** From here on the server may have all of it: stopping is over. */
  onStoring?: () => void;
  signal?: AbortSignal;
  onProgress?: (progress: TransferProgress) => void;
  putPart?: PutPart;
  /** Pauses the files, and resumes. */
  valve?: Valve;
  /** Told while the device still does the sum that the server asks for, 0 to 1. */
  onWork?: (part: number) => void;
}

/** Header `x-mailbox-auth` for one request: a fresh nonce, signed with the mailbox key. */
async function authorize(
  api: Api,
  mailbox: Mailbox,
  action: string,
  body: Uint8Array,
): Promise<Record<string, string>> {
  const answer = await sendForJson(api, "/mailbox/nonce", { method: "POST" });
  const nonce = fromHex(parseShape(nonceShape, answer, "nonce").nonce, nonceBytes);
  const request = { portalId: mailbox.portalId, origin: api.origin, action, body };
  return { "x-mailbox-auth": toBase64Url(signMailboxRequest(mailbox, request, nonce)) };
}

async function askMailbox(api: Api, mailbox: Mailbox): Promise<MailboxAnswer> {
  const body = new Uint8Array();
  const headers = await authorize(api, mailbox, "POST /mailbox/read", body);
  return openMailboxAnswer(await sendForBytes(api, "/mailbox/read", { method: "POST", headers, body }));
}

/** Every envelope of this mailbox as the server has it; none for a code that nobody filed with. */
export async function readMailbox(api: Api, mailbox: Mailbox): Promise<Uint8Array[]> {
  return (await askMailbox(api, mailbox)).envelopes;
}

/** What a receipt code leads to. That a report was deleted, and when, is the server's word alone. */
export type FoundMailbox =
  | { is: "open"; open: OpenMailbox }
  | { is: "nothing" }
  /** Days since 1970-01-01, UTC. */
  | { is: "deleted"; on: number };

/** Reads and verifies everything. @throws PortalError "forged" when the server's answer does not hold */
export async function findMailbox(api: Api, chain: RosterChain, mailbox: Mailbox): Promise<FoundMailbox> {
  const { envelopes: raw, deletedOn } = await askMailbox(api, mailbox);
  if (deletedOn !== null) return { is: "deleted", on: deletedOn };
  const first = raw[0];
  if (first === undefined) return { is: "nothing" };
  const caseKey = openReportWrap(parseEnvelope(first), mailbox);
  const { report, entries } = openConversation(raw, chain, mailbox.caseId, caseKey, "mark");
  return { is: "open", open: { api, chain, mailbox, caseKey, report, entries } };
}

/** Null: nothing stands under this code, or not any more. @throws PortalError "forged" */
export async function openMailbox(api: Api, chain: RosterChain, mailbox: Mailbox): Promise<OpenMailbox | null> {
  const found = await findMailbox(api, chain, mailbox);
  return found.is === "open" ? found.open : null;
}

/** As findMailbox; `code`: the canonical words. Takes a quarter of a second of pure computing before it asks. */
export async function findMailboxByCode(api: Api, chain: RosterChain, code: string): Promise<FoundMailbox> {
  return findMailbox(api, chain, deriveMailbox(code, chain.portalId));
}

/** `code`: the canonical words. Takes a quarter of a second of pure computing before it asks. */
export async function openMailboxByCode(api: Api, chain: RosterChain, code: string): Promise<OpenMailbox | null> {
  return openMailbox(api, chain, deriveMailbox(code, chain.portalId));
}

/** Reads again; what was seen before must still be there, unless all of it was deleted. @throws PortalError "forged" */
export async function lookAgain(open: OpenMailbox): Promise<Exclude<FoundMailbox, { is: "nothing" }>> {
  const seen = open.chain.current.hash;
  const { chain } = await fetchPortal(open.api, open.chain.portalId, seen);
  if (chain === null) throw new PortalError("forged", "the roster is gone");
  const now = await findMailbox(open.api, chain, open.mailbox);
  if (now.is === "deleted") return now;
  const newest = open.entries.at(-1)!;
  const same = now.is === "open" ? now.open.entries[newest.seq] : undefined;
  if (now.is !== "open" || same === undefined || toHex(same.hash) !== toHex(newest.hash))
    throw new PortalError("forged", "messages that were here before are gone");
  return now;
}

/** @throws PortalError "missing" when the report was deleted meanwhile, "forged" as lookAgain() */
export async function refreshMailbox(open: OpenMailbox): Promise<OpenMailbox> {
  const now = await lookAgain(open);
  if (now.is === "deleted") throw new PortalError("missing", "the report was deleted");
  return now.open;
}

/**
 * Seals files into one object while sending it. Null without files.
 * @throws PortalError "large" | "full" | "limited" | "busy"; whatever reading a file throws
 */
export async function sendObject(
  api: Api,
  place: { portalId: Uint8Array; caseId: Uint8Array; envId: Uint8Array },
  files: readonly NewFile[],
  options: TransferOptions & { headers?: Record<string, string> } = {},
): Promise<{ files: FileEntry[]; object: ObjectRef | null }> {
  if (files.length === 0) return { files: [], object: null };
  const total = objectBytesFor(files.map((file) => file.size));
  const progress: TransferProgress = { sealed: 0, sent: 0, stored: 0, total };
  const tell = (change: Partial<TransferProgress>): void => {
    Object.assign(progress, change);
    options.onProgress?.({ ...progress });
  };
  tell({});
  const upload = await startUpload({
    api,
    envId: place.envId,
    length: total,
    onStored: (stored) => tell({ stored, sent: Math.max(stored, progress.sent) }),
    onSent: (sent) => tell({ sent: Math.max(sent, progress.stored) }),
    ...(options.headers === undefined ? {} : { headers: options.headers }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.putPart === undefined ? {} : { putPart: options.putPart }),
    ...(options.valve === undefined ? {} : { valve: options.valve }),
    ...(options.onWork === undefined ? {} : { onWork: options.onWork }),
  });
  // Whoever stops is heard also while a file is being read.
  const stoppable = files.map((file) => ({ ...file, read: () => until(file.read(), options.signal) }));
  const sealed = await sealObject(stoppable, place, async (piece) => {
    throwIfAborted(options.signal);
    await upload.write(piece);
    tell({ sealed: progress.sealed + piece.length });
    // Gives the piece's memory back now: the collector would wait for tens of megabytes.
    if (piece.buffer instanceof ArrayBuffer) piece.buffer.transfer?.(0);
  });
  await upload.finish();
  return { files: sealed.files, object: { length: sealed.length, hash: sealed.hash } };
}

/** The same pieces; ends with the signal's reason as soon as it is given, whatever the source does. */
async function* until<T>(source: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  if (signal === undefined) return yield* source;
  throwIfAborted(signal);
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  stopped.catch(() => {});
  const pieces = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await Promise.race([pieces.next(), stopped]);
      if (done === true) return;
      yield value;
    }
  } finally {
    // Not waited for: a source that hangs would hold the end up.
    void pieces.return?.();
  }
}

/** A message that is being sent: can be tried again after an error without sending its files twice. */
export interface MessageDraft {
  send(options?: TransferOptions): Promise<OpenMailbox>;
}

/** What a message says. `day`: the writer's, YYYY-MM-DD, UTC; their own statement. */
export interface NewMessage {
  text: string;
  files: readonly NewFile[];
  day?: string;
  purpose?: Purpose;
}

/** `send` answers the mailbox as it is afterwards, the new message in it. */
export function draftMessage(start: OpenMailbox, message: NewMessage): MessageDraft {
  const { api, mailbox, caseKey } = start;
  const { portalId, caseId } = mailbox;
  let open = start;
  let envId = generateEnvId();
  let stored: Awaited<ReturnType<typeof sendObject>> | null = null;

  const build = (): Uint8Array => {
    const { files, object } = stored!;
    const last = open.entries.at(-1)!;
    const place = { portalId, caseId, roster: open.chain.current, seq: last.seq + 1, prevHash: last.hash, keyEpoch: 0 };
    const { text, day, purpose } = message;
    const content = {
      text,
      files,
      ...(purpose === undefined ? {} : { purpose }),
      ...(day === undefined ? {} : { day }),
    };
    return formatEnvelopeWithSlots(sealMessage({ mailbox, place, caseKey, envId, flags: 0, content, object }));
  };
  const isStored = (): boolean => open.entries.some((entry) => toHex(entry.envId) === toHex(envId));

  return {
    async send(options = {}) {
      if (stored === null) {
        // A try that failed half-way left its upload behind under the old id.
        envId = generateEnvId();
        stored = await sendObject(api, { portalId, caseId, envId }, message.files, options);
      }
      for (let tries = 1; ; tries++) {
        const body = build();
        try {
          const headers = await authorize(api, mailbox, "POST /mailbox/messages", body);
          throwIfAborted(options.signal);
          options.onStoring?.();
          await send(api, "/mailbox/messages", { method: "POST", headers, body });
          return await refreshMailbox(open);
        } catch (error) {
          const again = error instanceof PortalError && (error.code === "conflict" || error.code === "superseded");
          if (!again || tries === mostTries) throw error;
          // Somebody wrote first, the roster changed, or our own message arrived and its answer was lost.
          open = await refreshMailbox(open);
          if (isStored()) return open;
        }
      }
    },
  };
}

/**
 * The plain bytes of file number `index` of an entry, as they arrive. Keep them to yourself until
 * the iteration ends without an error: only then the whole file was verified.
 * @throws PortalError "missing" | "forged"
 */
export async function* downloadFile(
  open: OpenMailbox,
  entry: Entry,
  index: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { api, mailbox } = open;
  const file = "files" in entry.content ? entry.content.files[index] : undefined;
  if (file === undefined) throw new PortalError("missing", "no such file");
  const path = `/mailbox/objects/${toHex(entry.envId)}`;
  const body = new Uint8Array();
  const headers = await authorize(api, mailbox, `POST ${path}`, body);
  const abort = signal === undefined ? {} : { signal };
  const response = await send(api, path, { method: "POST", headers, body, ...abort });
  const place = { portalId: mailbox.portalId, caseId: mailbox.caseId, envId: entry.envId };
  yield* openFile(file, index, place, sealedFileOf(response, file));
}
