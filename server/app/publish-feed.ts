/** The feed's clock: every tick the same number of items for every recipient, whether anything was filed or not. */
import { makeFiller } from "../../crypto/feed.ts";
import type { PendingFeedItem } from "../ports.ts";
import type { Context } from "./context.ts";
import { takeTurns } from "./turns.ts";

/** Two publications at once would claim the same tick. */
const inTurn = takeTurns();

/** Publishes one tick: waiting items first, filler for the rest, as many for everybody. */
export function publishTick(context: Context): Promise<void> {
  return inTurn(context, async () => {
    const chain = context.book.chain;
    if (chain === null) return;
    const items: PendingFeedItem[] = [];
    for (const member of chain.current.recipients) {
      const waiting = await context.store.pendingFeed(member.id, context.settings.feedItems);
      items.push(...waiting);
      for (let i = waiting.length; i < context.settings.feedItems; i++) {
        items.push({ memberId: member.id, ...makeFiller(member.keys) });
        // Fillers cost about a millisecond each; other requests go in between.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await context.store.publishFeed((await context.store.newestTick()) + 1, items);
  });
}

const mostAtOnce = 1000;

/** A trial publishes at once, and says that it does not give this protection. */
export async function publishAtOnce(context: Context): Promise<void> {
  if (context.book.chain?.current.trial !== true) return;
  const { recipients } = context.book.chain.current;
  await inTurn(context, async () => {
    for (;;) {
      const waiting = await Promise.all(recipients.map((member) => context.store.pendingFeed(member.id, mostAtOnce)));
      const items = waiting.flat();
      if (items.length === 0) return;
      await context.store.publishFeed((await context.store.newestTick()) + 1, items);
    }
  });
}
