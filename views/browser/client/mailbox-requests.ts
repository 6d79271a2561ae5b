/** Requests of one mailbox, and files on their way: what filing needs as well as coming back. */
import { toBase64Url, fromHex } from "../../../crypto/bytes.ts";
import { objectBytesFor, sealObject, type NewFile } from "../../../crypto/attachments.ts";
import type { FileEntry } from "../../../crypto/content.ts";
import type { ObjectRef } from "../../../crypto/envelope/seal.ts";
import type { Mailbox } from "../../../crypto/keys.ts";
import { nonceBytes, openMailboxAnswer, signMailboxRequest, type MailboxAnswer } from "../../../crypto/mailbox.ts";
import { parseShape, textUpTo, z } from "../../../crypto/shape.ts";
import { sendForBytes, sendForJson, type Api } from "./http.ts";
import { startUpload, throwIfAborted, type PutPart } from "./uploads.ts";
import type { Valve } from "./valve.ts";

const nonceShape = z.object({ nonce: textUpTo(2 * nonceBytes) });

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
export async function authorize(
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

/** What the server has under this mailbox. */
export async function askMailbox(api: Api, mailbox: Mailbox): Promise<MailboxAnswer> {
  const body = new Uint8Array();
  const headers = await authorize(api, mailbox, "POST /mailbox/read", body);
  return openMailboxAnswer(await sendForBytes(api, "/mailbox/read", { method: "POST", headers, body }));
}

/** Every envelope of this mailbox as the server has it; none for a code that nobody filed with. */
export async function readMailbox(api: Api, mailbox: Mailbox): Promise<Uint8Array[]> {
  return (await askMailbox(api, mailbox)).envelopes;
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
