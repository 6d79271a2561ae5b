/** Attachment objects on their way in: reserved, sent in parts, complete before the envelope that names them. */
import { equal } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { hash } from "../../crypto/hash.ts";
import { paddedObjectBytes } from "../../crypto/padding.ts";
import type { Header } from "../../crypto/envelope/wire.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import type { Upload } from "../ports.ts";
import type { Context } from "./context.ts";

export const partBytes = 8 * 1024 * 1024;
/** An envelope may carry several files of the largest size. */
const filesPerObject = 4;
/** Unfinished uploads are forgotten after this many whole days. */
const uploadLifeDays = 2;

function ticketHashOf(ticket: Uint8Array): Uint8Array {
  return hash(32, null, "th1/ticket", ticket);
}

/**
 * Reserves room for an object against the budget of unfinished uploads and the free disk, so that
 * strangers cannot fill it. Answers the ticket that its parts need.
 * @throws PortalError "format" | "large" | "full" | "conflict"
 */
export async function reserveUpload(context: Context, envId: Uint8Array, length: number): Promise<Uint8Array> {
  const { maxFileBytes, uploadBudgetBytes, minFreeBytes } = context.settings;
  if (length > paddedObjectBytes(filesPerObject * maxFileBytes)) throw new PortalError("large", "object is too large");
  if (length < 1 || paddedObjectBytes(length) !== length) throw new PortalError("format", "not a size class");
  const free = (await context.objects.freeBytes()) - minFreeBytes;
  const ticket = randomBytes(32);
  const upload = {
    envId,
    ticketHash: ticketHashOf(ticket),
    length,
    received: 0,
    hash: null,
    day: context.clock.today(),
    claimed: false,
  };
  const outcome = await context.store.reserveUpload(upload, Math.max(0, Math.min(uploadBudgetBytes, free)));
  if (outcome === "full") throw new PortalError("full", "no room for this object now");
  if (outcome === "conflict") throw new PortalError("conflict", "the envelope id is taken");
  return ticket;
}

async function requireUpload(context: Context, envId: Uint8Array, ticket: Uint8Array): Promise<Upload> {
  const upload = await context.store.findUpload(envId);
  if (upload === null || upload.claimed || !equal(upload.ticketHash, ticketHashOf(ticket)))
    throw new PortalError("missing", "no such upload");
  return upload;
}

/** How many bytes have arrived: where to go on after a dropped connection. */
export async function uploadProgress(context: Context, envId: Uint8Array, ticket: Uint8Array): Promise<number> {
  return (await requireUpload(context, envId, ticket)).received;
}

/**
 * Takes part `index`, streaming. A part that arrived before is accepted again and thrown away.
 * @throws PortalError "missing" | "conflict" (out of order) | "format" (cut short) | "large" | "full"
 */
export async function receivePart(
  context: Context,
  envId: Uint8Array,
  ticket: Uint8Array,
  index: number,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  const upload = await requireUpload(context, envId, ticket);
  const offset = index * partBytes;
  const expected = Math.min(partBytes, upload.length - offset);
  if (expected <= 0) throw new PortalError("format", "no such part");
  if (offset + expected === upload.received) return drain(body, expected);
  if (offset !== upload.received) throw new PortalError("conflict", "parts come in order");
  if ((await context.objects.freeBytes()) < context.settings.minFreeBytes)
    throw new PortalError("full", "the disk is full");
  const length = await context.objects.appendPart(envId, offset, body, expected);
  if (length !== offset + expected) throw new PortalError("format", "the part was cut short");
  const digest = length === upload.length ? await context.objects.hash(envId) : null;
  if (!(await context.store.advanceUpload(envId, offset, length, digest)))
    throw new PortalError("conflict", "this part came in twice at once");
}

async function drain(body: AsyncIterable<Uint8Array>, most: number): Promise<void> {
  let seen = 0;
  for await (const bytes of body) {
    seen += bytes.length;
    if (seen > most) throw new PortalError("large", "the part is too large");
  }
}

/** The envelope id of the complete object that a header names, null when it names none. @throws PortalError "missing" */
export async function requireObject(context: Context, header: Header): Promise<Uint8Array | null> {
  if (header.objLen === 0) return null;
  const upload = await context.store.findUpload(header.envId);
  const complete =
    upload !== null && upload.received === upload.length && upload.length === header.objLen && upload.hash !== null;
  if (!complete || upload.claimed) throw new PortalError("missing", "the attachments are not complete");
  if (!equal(upload.hash!, header.objHash)) throw new PortalError("forged", "the attachments are not the ones sealed");
  return header.envId;
}

/** Below half of the reserve even text is refused: the disk must keep room to work. @throws PortalError "full" */
export async function requireSpace(context: Context): Promise<void> {
  if ((await context.objects.freeBytes()) < context.settings.minFreeBytes / 2)
    throw new PortalError("full", "the disk is full");
}

/** Forgets an upload that will not be finished, and its file. A claimed one belongs to a case and stays. */
export async function abandonUpload(context: Context, envId: Uint8Array): Promise<void> {
  if (await context.store.dropUpload(envId)) await context.objects.remove(envId);
}

/** Forgets uploads that were never finished, and files whose row is gone. */
export async function expireUploads(context: Context): Promise<void> {
  const gone = await context.store.expireUploads(context.clock.today() - uploadLifeDays);
  for (const envId of gone) await context.objects.remove(envId);
  for await (const envId of context.objects.list())
    if ((await context.store.findUpload(envId)) === null) await context.objects.remove(envId);
}
