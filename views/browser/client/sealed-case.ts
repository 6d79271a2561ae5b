/**
 * A case as the server keeps it, still sealed, in one ZIP for a machine without a network (PROTOCOL.md §26). Any
 * reader can save it; nothing in it was decrypted, and no key is in it. Attachments are streamed as they come:
 * whether they are whole is for `tellhaven open` to say, so that a damaged case can be saved too.
 */
import { makeZip, predictLength } from "client-zip";
import { equal, toHex } from "../../../crypto/bytes.ts";
import type { Entry } from "../../../crypto/envelope/open.ts";
import { envelopeHashOf, parseEnvelope, type Stream } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { formatSealedCaseIndex, sealedCaseIndexName, sealedCaseNames } from "../../../crypto/sealed-case.ts";
import { fetchStream, type OpenCase } from "./casework.ts";
import { noDate } from "./no-date.ts";
import { caseToken, newestKey, teamToken, type Desk } from "./held-cases.ts";
import { bytesOf } from "./object-bytes.ts";
import { fetchPortal } from "./portal.ts";

interface SealedObject {
  /** Below the folder. */
  name: string;
  /** Bytes. */
  size: number;
  stream: Stream;
  envId: Uint8Array;
}

/** Everything but the attachment objects' bytes. */
export interface SealedCase {
  /** `<case name>-sealed.zip` */
  fileName: string;
  /** Bytes of the ZIP. */
  length: number;
  folder: string;
  files: { name: string; bytes: Uint8Array }[];
  objects: SealedObject[];
  /** Attachment objects that the server does not have. */
  missing: number;
}

/**
 * Fetches what a case that was read and verified is made of, as far as it was read: what came since is left out.
 * @throws PortalError "conflict" when the server shows another case now, or keys were replaced
 */
export async function planSealedCase(desk: Desk, open: OpenCase): Promise<SealedCase> {
  const { chain, api } = desk.session;
  const team = open.team.state === "open" ? open.team : null;
  const conversation = await fetchAsRead(desk, open, 0, open.entries);
  const notes = team === null ? [] : await fetchAsRead(desk, open, 1, team.entries);
  const { signed } = await fetchPortal(api, chain.portalId, chain.current.hash);
  const objects = [...objectsOf(0, open.entries), ...objectsOf(1, team?.entries ?? [])];
  const here: SealedObject[] = [];
  for (const object of objects) if (await isThere(desk, open, object)) here.push(object);
  const missing = objects.filter((object) => !here.includes(object));
  const index = formatSealedCaseIndex({
    format: "tellhaven-sealed-case-1",
    portalId: toHex(chain.portalId),
    caseId: toHex(open.caseId),
    receivedOn: open.lookup.receivedOn,
    phase: open.lookup.phase,
    team: team !== null ? "whole" : open.team.state === "none" ? "none" : "closed",
    missing: missing.map(({ envId }) => toHex(envId)),
  });
  const files = [
    { name: sealedCaseIndexName, bytes: index },
    ...signed.flatMap(({ bytes, signature }, i) => [
      { name: sealedCaseNames.roster(i), bytes },
      { name: sealedCaseNames.rosterSignature(i), bytes: signature },
    ]),
    ...conversation.map((bytes, seq) => ({ name: sealedCaseNames.envelope(0, seq), bytes })),
    ...notes.map((bytes, seq) => ({ name: sealedCaseNames.envelope(1, seq), bytes })),
  ];
  const folder = `${open.listing.name}-sealed`;
  const sizes = [...files.map(({ name, bytes }) => ({ name, size: bytes.length })), ...here];
  const length = Number(predictLength(sizes.map(({ name, size }) => ({ name: `${folder}/${name}`, size }))));
  return { fileName: `${folder}.zip`, length, folder, files, objects: here, missing: missing.length };
}

const tokenFor = (open: OpenCase, stream: Stream): Record<string, string> =>
  stream === 1 && open.team.state === "open" ? teamToken(open.team.key) : caseToken(newestKey(open.held));

/** The envelopes with their slots; each must be the one that was verified. */
async function fetchAsRead(
  desk: Desk,
  open: OpenCase,
  stream: Stream,
  entries: readonly Entry[],
): Promise<Uint8Array[]> {
  const raw = await fetchStream(desk, open.caseId, stream, tokenFor(open, stream));
  return entries.map(({ hash }, i) => {
    const bytes = raw[i];
    if (bytes === undefined || !equal(envelopeHashOf(parseEnvelope(bytes)), hash))
      throw new PortalError("conflict", "the case is another than was read");
    return bytes;
  });
}

/** Of damaged entries too: what they hold may be worth something to somebody with better tools. */
function objectsOf(stream: Stream, entries: readonly Entry[]): SealedObject[] {
  return entries.flatMap(({ envId, objLen }) =>
    objLen === 0 ? [] : [{ name: sealedCaseNames.object(envId), size: objLen, stream, envId }],
  );
}

function fetchObject(
  desk: Desk,
  open: OpenCase,
  { envId, stream }: SealedObject,
  signal?: AbortSignal,
): Promise<Response> {
  const path = `/cases/${toHex(open.caseId)}/objects/${toHex(envId)}`;
  return desk.session.send(path, { headers: tokenFor(open, stream), ...(signal === undefined ? {} : { signal }) });
}

/** The ZIP's length is told before its first byte: what is not there must be known by then. */
async function isThere(desk: Desk, open: OpenCase, object: SealedObject): Promise<boolean> {
  try {
    await (await fetchObject(desk, open, object)).body?.cancel();
    return true;
  } catch (error) {
    if (error instanceof PortalError && error.code === "missing") return false;
    throw error;
  }
}

/** The ZIP's bytes. @throws PortalError "busy" where an object stops arriving: what was written so far is no ZIP */
export function streamSealedCase(
  desk: Desk,
  open: OpenCase,
  { folder, files, objects }: SealedCase,
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  async function* object(of: SealedObject): AsyncGenerator<Uint8Array> {
    let length = 0;
    for await (const bytes of bytesOf(await fetchObject(desk, open, of, signal))) {
      length += bytes.length;
      if (length > of.size) break;
      yield bytes;
    }
    if (length !== of.size) throw new PortalError("busy", "an attachment arrived with another length");
  }
  async function* entries(): AsyncGenerator<{ name: string; lastModified: Date; input: unknown; size: number }> {
    const named = (name: string, size: number) => ({ name: `${folder}/${name}`, lastModified: noDate, size });
    for (const { name, bytes } of files) yield { ...named(name, bytes.length), input: bytes };
    for (const of of objects) yield { ...named(of.name, of.size), input: object(of) };
  }
  return makeZip(entries() as Parameters<typeof makeZip>[0]);
}
