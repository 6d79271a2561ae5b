/** The feed's clock: every tick the same number of items for every recipient, whether anything was filed or not. */
import { makeFiller } from "../../crypto/feed.ts";
import type { PendingFeedItem } from "../ports.ts";
import type { Context } from "./context.ts";
import { takeTurns } from "./turns.ts";

/** Two publications at once would claim the same tick. */
const inTurn = takeTurns();

const isTrial = ({ book }: Context): boolean => book.chain?.current.trial === true;

/** Publishes one tick: waiting items first, filler for the rest, as many for everybody. Its beat follows. */
export function publishTick(context: Context): Promise<void> {
  const tell = isTrial(context) ? (tick: number) => context.beats.beat(tick) : context.beats.atWholeSecond();
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
    const tick = (await context.store.newestTick()) + 1;
    await context.store.publishFeed(tick, items);
    tell(tick);
  });
}

const mostAtOnce = 1000;

/** A trial publishes at once, and says that it does not give this protection. */
export async function publishAtOnce(context: Context): Promise<void> {
  if (!isTrial(context)) return;
  const { recipients } = context.book.requireChain().current;
  await inTurn(context, async () => {
    for (;;) {
      const waiting = await Promise.all(recipients.map((member) => context.store.pendingFeed(member.id, mostAtOnce)));
      const items = waiting.flat();
      if (items.length === 0) return;
      const tick = (await context.store.newestTick()) + 1;
      await context.store.publishFeed(tick, items);
      context.beats.beat(tick);
    }
  });
}

/**
 * After somebody wrote to a case. In a trial everybody is told at once that something was written
 * somewhere; anywhere else the next tick's beat comes when it would have come.
 */
export async function tellOfWrite(context: Context): Promise<void> {
  if (isTrial(context)) context.beats.beatSoon(await context.store.newestTick());
}
