import { randomBytes } from "node:crypto";
import type { Database } from "better-sqlite3";
import type { Day, Store } from "../../ports.ts";
import type { ActsOf } from "../acts.ts";

type LogActs = Pick<ActsOf<Store>, "padLog" | "newestLogDay" | "listLeaves">;

/** Leaves of a day, padded. PROTOCOL.md, case log. */
const dayLeaves = 64;
/** Idle days that are filled at once; more is a clock that jumped, not a holiday. */
const mostIdleDays = 366;
/** Leaves in one answer. */
const mostLeaves = 65536;

export interface Log {
  append(leaf: Uint8Array, day: Day): void;
  acts: LogActs;
}

/**
 * The log's rule, whatever the clock does: wherever the day changes, its length is a multiple of
 * 64. So a day's filler is among its own leaves, and says nothing about how many are real.
 */
export function prepareLog(db: Database): Log {
  const last = db.prepare<[], { seq: number; day: Day }>("SELECT seq, day FROM log_leaves ORDER BY seq DESC LIMIT 1");
  const add = db.prepare("INSERT INTO log_leaves VALUES (?, ?, ?)");
  const list = db.prepare<[number, number], { leaf: Uint8Array; day: Day }>(
    "SELECT leaf, day FROM log_leaves WHERE seq >= ? ORDER BY seq LIMIT ?",
  );

  /** Fills from `seq` to the next multiple of 64; returns the new length. */
  function fill(seq: number, day: Day): number {
    do add.run(seq++, randomBytes(32), day);
    while (seq % dayLeaves !== 0);
    return seq;
  }

  /** Pads up to but not including `until`; returns the log's length. */
  function padUntil(until: Day): number {
    const end = last.get();
    if (end === undefined) return 0;
    let length = end.seq + 1;
    if (end.day !== until && length % dayLeaves !== 0) length = fill(length, end.day);
    const firstIdle = Math.max(end.day + 1, until - mostIdleDays);
    for (let day = firstIdle; day < until; day++) length = fill(length, day);
    return length;
  }

  return {
    append(leaf, day) {
      add.run(padUntil(day), leaf, day);
    },
    acts: {
      padLog(before) {
        const end = last.get();
        if (end === undefined) fill(0, before - 1);
        // A clock set back must not close the day that it came from.
        else if (end.day < before) padUntil(before);
      },
      newestLogDay: () => last.get()?.day ?? null,
      listLeaves: (from, limit) => list.all(from, Math.min(limit, mostLeaves)),
    },
  };
}
