/**
 * PROTOCOL.md §17: each recipient's feed of opaque items. Who cannot open an item cannot tell
 * it from filler.
 */
import { concat, equal, Reader, u64le } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import type { CaseKey, MemberKeys, MemberSecrets } from "./keys.ts";
import { parseCaseKey } from "./keys.ts";
import type { RosterChain } from "./roster.ts";
import { rosterByHash } from "./roster.ts";
import { openSlot, sealDummySlot, slotBytes, slotCtx, type SlotContext } from "./slot.ts";
import { randomBytes } from "./sodium.ts";

const itemIdBytes = 16;
const ctxBytes = 32;
export const feedItemBytes = itemIdBytes + ctxBytes + slotBytes;

export interface FeedItem {
  itemId: Uint8Array;
  ctx: Uint8Array;
  slot: Uint8Array;
}

export function newFeedItem(ctx: Uint8Array, slot: Uint8Array): FeedItem {
  return { itemId: randomBytes(itemIdBytes), ctx, slot };
}

/** A sealed box to the member's real key around a real encapsulation to a throwaway one. */
export function makeFiller(member: MemberKeys): FeedItem {
  const ctx = randomBytes(ctxBytes);
  return newFeedItem(ctx, sealDummySlot(ctx, member));
}

/** The case key that an item carries, or null: filler, or a case this member is kept out of. */
export function openFeedItem(item: FeedItem, secrets: MemberSecrets): CaseKey | null {
  const key = openSlot(item.slot, item.ctx, secrets);
  return key === null ? null : parseCaseKey(key);
}

/**
 * After the token led to a case: the item must have been made for exactly this member and case.
 * @throws PortalError "forged"
 */
export function checkFeedItem(
  { ctx }: Pick<FeedItem, "ctx">,
  of: SlotContext,
  chain: RosterChain,
  personId: number,
): void {
  const recipients = rosterByHash(chain, of.rosterHash).recipients;
  const index = recipients.findIndex((member) => member.id === personId);
  const member = recipients[index];
  if (member === undefined || !equal(ctx, slotCtx(of, index, member.keys)))
    throw new PortalError("forged", "a feed item leads to a case that it was not made for");
}

/** u64le newest tick ‖ items of 1,264 bytes. */
export function formatFeedPage(newestTick: number, items: readonly FeedItem[]): Uint8Array {
  return concat(u64le(newestTick), ...items.flatMap(({ itemId, ctx, slot }) => [itemId, ctx, slot]));
}

/** @throws PortalError "format" */
export function parseFeedPage(bytes: Uint8Array): { newestTick: number; items: FeedItem[] } {
  const reader = new Reader(bytes);
  const newestTick = reader.u64le();
  const items: FeedItem[] = [];
  while (reader.left > 0)
    items.push({ itemId: reader.take(itemIdBytes), ctx: reader.take(ctxBytes), slot: reader.take(slotBytes) });
  return { newestTick, items };
}
