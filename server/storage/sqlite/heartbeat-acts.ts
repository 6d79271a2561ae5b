import type { Database } from "better-sqlite3";
import type { PublishedHeartbeat, Store, Tally } from "../../ports.ts";
import type { ActsOf } from "../acts.ts";

type HeartbeatActs = Pick<ActsOf<Store>, "listHeartbeats" | "putHeartbeat" | "listTallies" | "putTally">;

export interface Tallies {
  /** Writes the next version; false, and nothing is written, unless it follows the last one. */
  put(tally: Tally): boolean;
  /** Whether `put` would write it. */
  follows(tally: Tally): boolean;
  acts: HeartbeatActs;
}

/** What is published of each quarter, and what is kept until then of cases that were deleted. */
export function prepareHeartbeats(db: Database): Tallies {
  const listPublished = db.prepare<[], PublishedHeartbeat>(
    "SELECT quarter, bytes, signature FROM heartbeats ORDER BY quarter",
  );
  const isPublished = db.prepare("SELECT 1 FROM heartbeats WHERE quarter = ?");
  const publish = db.prepare("INSERT INTO heartbeats VALUES (?, ?, ?)");
  const listTallies = db.prepare<[], Tally>("SELECT quarter, version, sealed FROM tallies ORDER BY quarter");
  const versionOf = db.prepare<[string], number>("SELECT version FROM tallies WHERE quarter = ?").pluck();
  const putTally = db.prepare("INSERT OR REPLACE INTO tallies VALUES (?, ?, ?)");
  const dropTally = db.prepare("DELETE FROM tallies WHERE quarter = ?");

  const follows = ({ quarter, version }: Tally): boolean =>
    isPublished.get(quarter) === undefined && version === (versionOf.get(quarter) ?? 0) + 1;
  const put = (tally: Tally): boolean => {
    if (!follows(tally)) return false;
    putTally.run(tally.quarter, tally.version, tally.sealed);
    return true;
  };
  return {
    put,
    follows,
    acts: {
      listHeartbeats: () => listPublished.all(),
      putHeartbeat({ quarter, bytes, signature }, tallyVersion) {
        if (isPublished.get(quarter) !== undefined) return "known";
        if ((versionOf.get(quarter) ?? 0) !== tallyVersion) return "conflict";
        publish.run(quarter, bytes, signature);
        dropTally.run(quarter);
        return "stored";
      },
      listTallies: () => listTallies.all(),
      putTally: (tally) => (put(tally) ? "stored" : "conflict"),
    },
  };
}
