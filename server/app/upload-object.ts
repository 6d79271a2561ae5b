/** Attachment objects on their way in: reserved, sent in parts, complete before the envelope that names them. */
import { equal } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { hash } from "../../crypto/hash.ts";
import { paddedObjectBytes } from "../../crypto/padding.ts";
import type { Header } from "../../crypto/envelope/wire.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import type { Upload } from "../ports.ts";
import type { Context } from "./context.ts";
import { UploadTurns } from "./upload-turns.ts";

export const partBytes = 8 * 1024 * 1024;
/** An envelope may carry several files of the largest size. */
const filesPerObject = 4;
/** What a reservation counts before anything has come: rows must not be free either. */
const leastCountedBytes = 256 * 1024;
/** Unfinished uploads are forgotten after this many whole days. */
const uploadLifeDays = 2;

const turnsOfContext = new WeakMap<Context, UploadTurns>();

function turnsOf(context: Context): UploadTurns {
  const turns = turnsOfContext.get(context) ?? new UploadTurns(context.clock);
  turnsOfContext.set(context, turns);
  return turns;
}

function ticketHashOf(ticket: Uint8Array): Uint8Array {
  return hash(32, null, "th1/ticket", ticket);
}

/**
 * Reserves an envelope id for an object, and answers the ticket that its parts need. Room is
 * counted as bytes arrive: whoever announced much and sends nothing would keep others out.
 * @throws PortalError "format" | "large" | "full" | "conflict"
 */
export async function reserveUpload(context: Context, envId: Uint8Array, length: number): Promise<Uint8Array> {
  const { maxFileBytes, uploadBudgetBytes, minFreeBytes } = context.settings;
  if (length > paddedObjectBytes(filesPerObject * maxFileBytes)) throw new PortalError("large", "object is too large");
  if (length < 1 || paddedObjectBytes(length) !== length) throw new PortalError("format", "not a size class");
  const free = (await context.objects.freeBytes()) - minFreeBytes;
  if (length > Math.min(uploadBudgetBytes, free)) throw new PortalError("full", "no room for this object");
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
  const turns = turnsOf(context);
  const reserve = (): Promise<"stored" | "full" | "conflict"> =>
    turns.inTurn(envId, () => context.store.reserveUpload(upload, uploadBudgetBytes - turns.underway));
  let outcome = await reserve();
  if (outcome === "full" && (await dropStalled(context))) outcome = await reserve();
  if (outcome === "full") throw new PortalError("full", "no room for this object now");
  if (outcome === "conflict") throw new PortalError("conflict", "the envelope id is taken");
  turns.noteMoved(envId);
  return ticket;
}

/** Forgets what nobody is sending any more; true when there was something. Only when room is short. */
async function dropStalled(context: Context): Promise<boolean> {
  const stalled = await turnsOf(context).findStalled(context.store);
  for (const envId of stalled) await abandonUpload(context, envId);
  return stalled.length > 0;
}

/** Bytes that an upload is counted with: what arrived, and never less than the smallest object. */
function countedBytes({ length }: Upload, received: number): number {
  return Math.min(length, Math.max(received, leastCountedBytes));
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
 * Takes part `index`, streaming. A part that arrived before is accepted again and thrown away. Of
 * two that send the same upload at once, the newer one goes on, and the older is told "busy".
 * @throws PortalError "missing" | "conflict" (out of order) | "format" (cut short) | "large" | "full" | "busy"
 */
export async function receivePart(
  context: Context,
  envId: Uint8Array,
  ticket: Uint8Array,
  index: number,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  await requireUpload(context, envId, ticket); // before it may displace anybody
  await turnsOf(context).receive(envId, body, async (pieces) => {
    const upload = await requireUpload(context, envId, ticket);
    const offset = index * partBytes;
    const expected = Math.min(partBytes, upload.length - offset);
    if (expected <= 0) throw new PortalError("format", "no such part");
    if (offset + expected === upload.received) return drain(pieces, expected);
    if (offset !== upload.received) throw new PortalError("conflict", "parts come in order");
    await withRoom(context, upload, offset + expected, () => storePart(context, upload, offset, expected, pieces));
  });
}

/** Does `act` while the bytes up to `end` of an upload are counted. @throws PortalError "full" */
async function withRoom(context: Context, upload: Upload, end: number, act: () => Promise<void>): Promise<void> {
  const { minFreeBytes, uploadBudgetBytes } = context.settings;
  if ((await context.objects.freeBytes()) < minFreeBytes) throw new PortalError("full", "the disk is full");
  const turns = turnsOf(context);
  const more = countedBytes(upload, end) - countedBytes(upload, upload.received);
  const isFull = async (): Promise<boolean> =>
    (await context.store.unclaimedBytes()) + turns.underway + more > uploadBudgetBytes;
  if (more > 0 && (await isFull())) {
    turns.noteMoved(upload.envId); // this one is being sent
    if (!(await dropStalled(context)) || (await isFull())) throw new PortalError("full", "no room for this part now");
  }
  turns.underway += more;
  try {
    await act();
  } finally {
    turns.underway -= more;
  }
}

async function storePart(
  context: Context,
  { envId, length: whole }: Upload,
  offset: number,
  expected: number,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  const length = await context.objects.appendPart(envId, offset, body, expected);
  if (length !== offset + expected) throw new PortalError("format", "the part was cut short");
  const digest = length === whole ? await context.objects.hash(envId) : null;
  if (!(await context.store.advanceUpload(envId, offset, length, digest)))
    throw new PortalError("missing", "the upload was given up");
  turnsOf(context).noteMoved(envId);
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
  const turns = turnsOf(context);
  turns.stopSender(envId);
  await turns.inTurn(envId, async () => {
    if (await context.store.dropUpload(envId)) await context.objects.remove(envId);
  });
}

/** Forgets uploads that were never finished, and files whose row is gone. */
export async function expireUploads(context: Context): Promise<void> {
  const gone = await context.store.expireUploads(context.clock.today() - uploadLifeDays);
  for (const envId of gone) await removeOrphan(context, envId);
  for await (const envId of context.objects.list())
    if ((await context.store.findUpload(envId)) === null) await removeOrphan(context, envId);
}

/** Looks again in turn: the id may have been reserved anew, and its file be somebody's. */
async function removeOrphan(context: Context, envId: Uint8Array): Promise<void> {
  const turns = turnsOf(context);
  await turns.inTurn(envId, async () => {
    if ((await context.store.findUpload(envId)) === null) await context.objects.remove(envId);
  });
}
