import type { Database } from "better-sqlite3";
import { PortalError } from "../../../crypto/errors.ts";
import type { Day, FeedPage, PendingFeedItem, Store } from "../../ports.ts";
import type { ActsOf } from "../acts.ts";

type FeedActs = Pick<ActsOf<Store>, "pendingFeed" | "newestTick" | "publishFeed" | "feedAfter">;

/** Items in one page, some 5 MB; whole ticks only, so one page may have more. */
const pageItems = 4096;

export interface Feed {
  wait(item: PendingFeedItem, day: Day): void;
  /** Forgets what waits in this context; what was published stays. */
  dropWaiting(context: Uint8Array): void;
  acts: FeedActs;
}

export function prepareFeed(db: Database): Feed {
  const wait = db.prepare("INSERT INTO feed_waiting VALUES (:itemId, :memberId, :day, :ctx, :slot)");
  const waiting = db.prepare<[number, number], PendingFeedItem>(
    "SELECT member_id AS memberId, item_id AS itemId, ctx, slot FROM feed_waiting WHERE member_id = ? ORDER BY day, item_id LIMIT ?",
  );
  const takeWaiting = db.prepare<[Uint8Array], PendingFeedItem>(
    "DELETE FROM feed_waiting WHERE item_id = ? RETURNING member_id AS memberId, item_id AS itemId, ctx, slot",
  );
  const dropWaiting = db.prepare("DELETE FROM feed_waiting WHERE ctx = ?");
  const newest = db.prepare<[], number>("SELECT newest FROM feed_clock").pluck();
  const setNewest = db.prepare("UPDATE feed_clock SET newest = ?");
  const publish = db.prepare("INSERT INTO feed VALUES (:memberId, :tick, :itemId, :ctx, :slot)");
  // The tick in which the page's last item lies; null when everything fits.
  const lastTick = db
    .prepare<[number, number, number], number>(
      "SELECT tick FROM feed WHERE member_id = ? AND tick > ? ORDER BY tick, item_id LIMIT 1 OFFSET ?",
    )
    .pluck();
  const page = db.prepare<[number, number, number], FeedPage["items"][number]>(
    "SELECT item_id AS itemId, ctx, slot FROM feed WHERE member_id = ? AND tick > ? AND tick <= ? ORDER BY tick, item_id",
  );
  const newestTick = () => newest.get() ?? 0;

  return {
    wait(item, day) {
      wait.run({ ...item, day });
    },
    dropWaiting(context) {
      dropWaiting.run(context);
    },
    acts: {
      pendingFeed: (memberId, limit) => waiting.all(memberId, limit),
      newestTick,
      publishFeed(tick, items) {
        if (tick <= newestTick()) throw new PortalError("conflict", "this tick of the feed was published already");
        for (const item of items) {
          // What waits is published as it was stored; anything else is filler.
          const published = takeWaiting.get(item.itemId) ?? item;
          if (published.memberId !== item.memberId)
            throw new PortalError("conflict", "the feed item waits for another member");
          publish.run({ ...published, tick });
        }
        setNewest.run(tick);
      },
      feedAfter(memberId, tick) {
        const until = lastTick.get(memberId, tick, pageItems - 1) ?? newestTick();
        return { newestTick: until, items: page.all(memberId, tick, until) };
      },
    },
  };
}
