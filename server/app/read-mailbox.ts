/** What the reporter's mailbox gets: the conversation, never the team's stream. */
import { equal } from "../../crypto/bytes.ts";
import { parseEnvelope } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { formatMailboxAnswer } from "../../crypto/mailbox.ts";
import { findCase, readEnvelopes, type LoadedCase } from "./case-state.ts";
import type { Context } from "./context.ts";

/** The padded answer; an unknown case gets an empty one of the least size. */
export async function readMailbox(context: Context, caseId: Uint8Array): Promise<Uint8Array> {
  const found = await findCase(context, caseId);
  if (found === null) return formatMailboxAnswer([]);
  return formatMailboxAnswer(await readEnvelopes(context, found, 0, 0, found.state.conversation.length));
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
  for (const stream of streams) {
    const length = (stream === 0 ? found.state.conversation : found.state.team).length;
    for (const bytes of await readEnvelopes(context, found, stream, 0, length)) {
      const { header } = parseEnvelope(bytes);
      if (equal(header.envId, envId) && header.objLen > 0) return { envId, length: header.objLen };
    }
  }
  throw new PortalError("missing", "no such object");
}
