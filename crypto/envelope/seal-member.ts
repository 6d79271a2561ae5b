/** PROTOCOL.md §13: what members write. Apart, so that a reporter's browser need not load it. */
import { concat } from "../bytes.ts";
import { formatContent } from "../content.ts";
import { PortalError } from "../errors.ts";
import type { CaseKey, MemberSecrets, TeamKey } from "../keys.ts";
import type { z } from "../shape.ts";
import { sign } from "../signature.ts";
import { membersShapes, type ContentOf, type SpokenKind } from "../team-content.ts";
import { sealReporterSlot, type MailboxKeys, type SlotContext } from "../slot.ts";
import { memberRest, plainHashOf, seal, type ObjectRef, type Place } from "./seal.ts";
import type { Envelope } from "./wire.ts";

export type MembersKind = Exclude<SpokenKind, "report" | "message">;

/** Whom the content says to have got the key. */
function saidReaders(content: object): readonly number[] {
  if ("audience" in content) return content.audience as number[];
  return "readers" in content ? (content.readers as number[]) : [];
}

/**
 * Seals what a member writes: reply under the case key, a rekey under the new one; note, act and the team key itself
 * under the team key.
 */
export function sealByMember<K extends MembersKind>(draft: {
  kind: K;
  place: Place;
  key: CaseKey | TeamKey;
  envId: Uint8Array;
  author: { id: number; secrets: MemberSecrets };
  content: ContentOf[K];
  /** Who gets a real slot; empty for kinds without a row. */
  readers: readonly number[];
  object: ObjectRef | null;
  /** Of a rekey: whose case it is. */
  mailbox?: MailboxKeys;
}): Envelope {
  const { kind, place, key, envId, author, readers, object, mailbox } = draft;
  const said = saidReaders(draft.content);
  if (said.length !== readers.length || said.some((id, i) => readers[i] !== id))
    throw new PortalError("refused", "sealed to others than its content says");
  const rest = memberRest(
    author.id,
    formatContent<ContentOf[K]>(membersShapes[kind] as unknown as z.ZodMiniType<ContentOf[K]>, kind, draft.content),
  );
  const content = (fixed: Uint8Array): Uint8Array =>
    concat(sign(author.secrets.sign.secretKey, kind, fixed, plainHashOf(rest)), rest);
  if ((kind === "rekey") !== (mailbox !== undefined))
    throw new PortalError("refused", "a rekey, and nothing else, is for the reporter too");
  const shared = { kind, flags: 0, place, envId, key, readers, object, report: null, content };
  const lastSlot = mailbox === undefined ? {} : { lastSlot: (of: SlotContext) => sealReporterSlot(key, of, mailbox) };
  return { ...seal({ ...shared, ...lastSlot }), signature: null };
}
