/** What the reporter's mailbox gets: the conversation, never the team's stream. */
import { streamOf } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { formatMailboxAnswer } from "../../crypto/mailbox.ts";
import { caseIndex } from "../../crypto/vault.ts";
import { findCase, findEnvelope, readEnvelopes, streamBytes, type LoadedCase } from "./case-state.ts";
import type { Context } from "./context.ts";
import { readDecoy } from "./decoy-case.ts";

/** Called with the size of what will be in memory, before it is read; may refuse. */
export type Hold = (bytes: number) => void;

/** The padded answer; an unknown case and a deleted one get an empty one of the least size, after the same work. */
export async function readMailbox(
  context: Context,
  caseId: Uint8Array,
  hold: Hold = () => undefined,
): Promise<Uint8Array> {
  const idx = caseIndex(context.keys.index, caseId);
  // Always asked: whether there is a tombstone must not show in the time.
  const [found, deletedOn] = await Promise.all([findCase(context, caseId), context.store.findTombstone(idx)]);
  if (found === null) {
    await readDecoy(context, caseId);
    return formatMailboxAnswer([], deletedOn);
  }
  hold(streamBytes(found.state, 0));
  try {
    return formatMailboxAnswer(await readEnvelopes(context, found, 0, 0, found.state.conversation.length));
  } catch (error) {
    const deletedNow = await context.store.findTombstone(idx);
    if (deletedNow === null) throw error;
    return formatMailboxAnswer([], deletedNow); // it went while it was read
  }
}

export interface FoundObject {
  envId: Uint8Array;
  length: number;
}

/** An object of the conversation. @throws PortalError "missing" */
export async function findMailboxObject(context: Context, caseId: Uint8Array, envId: Uint8Array): Promise<FoundObject> {
  const found = await findCase(context, caseId);
  if (found === null) throw new PortalError("missing", "no such object");
  return findObject(context, found, envId, [0]);
}

/** An object of one of the given streams of a case that was opened by token. @throws PortalError "missing" */
export async function findObject(
  context: Context,
  found: LoadedCase,
  envId: Uint8Array,
  streams: readonly (0 | 1)[],
): Promise<FoundObject> {
  const envelope = await findEnvelope(context, found, envId);
  const { header } = envelope ?? { header: null };
  if (header !== null && header.objLen > 0 && streams.includes(streamOf(header.kind)))
    return { envId, length: header.objLen };
  throw new PortalError("missing", "no such object");
}
