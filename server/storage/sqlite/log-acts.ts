import { randomBytes } from "node:crypto";
import type { Database } from "better-sqlite3";
import type { Day, LogNode, Store } from "../../ports.ts";
import type { ActsOf } from "../acts.ts";

type LogActs = Pick<
  ActsOf<Store>,
  "padLog" | "newestLogDay" | "logLength" | "listLeaves" | "findLeaves" | "findLogNodes" | "putLogNodes"
>;

/** Leaves of a day, filled up. Not imported: crypto/log.ts would load libsodium into the threads of the store. PROTOCOL.md §18. */
const dayLeaves = 64;
/** Full subtrees of as many leaves, and larger ones, are kept. */
const leastLevel = 6;
/** Idle days that are filled at once; more is a clock that jumped, not a holiday. */
const mostIdleDays = 366;
/** Leaves in one answer. */
const mostLeaves = 65536;

export interface Log {
  append(leaf: Uint8Array, day: Day): void;
  acts: LogActs;
}

/**
 * The log's rule, whatever the clock does: leaves of one day wait without an order, and when the day changes
 * they stand in the log in the order of their bytes, filled to a multiple of 64. So a day says nothing about
 * how many of its leaves are real, nor a leaf's place about when it came.
 */
export function prepareLog(db: Database): Log {
  const last = db.prepare<[], { seq: number; day: Day }>("SELECT seq, day FROM log_leaves ORDER BY seq DESC LIMIT 1");
  const add = db.prepare("INSERT INTO log_leaves VALUES (?, ?, ?)");
  const list = db.prepare<[number, number], { leaf: Uint8Array; day: Day }>(
    "SELECT leaf, day FROM log_leaves WHERE seq >= ? ORDER BY seq LIMIT ?",
  );
  const find = db.prepare<[Uint8Array], number>("SELECT seq FROM log_leaves WHERE leaf = ?").pluck();
  const wait = db.prepare("INSERT INTO log_waiting VALUES (?, ?)");
  const openDay = db.prepare<[], Day>("SELECT day FROM log_waiting LIMIT 1").pluck();
  const waiting = db.prepare<[], Uint8Array>("SELECT leaf FROM log_waiting").pluck();
  const waits = db.prepare<[Uint8Array]>("SELECT 1 FROM log_waiting WHERE leaf = ?");
  const clear = db.prepare("DELETE FROM log_waiting");
  const newestNode = db.prepare<[], number>(`SELECT max(at) FROM log_nodes WHERE level = ${leastLevel}`).pluck();
  const findNode = db
    .prepare<[number, number], Uint8Array>("SELECT hash FROM log_nodes WHERE level = ? AND at = ?")
    .pluck();
  const putNode = db.prepare("INSERT OR IGNORE INTO log_nodes VALUES (?, ?, ?)");

  const length = (): number => (last.get()?.seq ?? -1) + 1;

  function close(day: Day, leaves: Uint8Array[]): void {
    while (leaves.length === 0 || leaves.length % dayLeaves !== 0) leaves.push(randomBytes(32));
    leaves.sort(Buffer.compare);
    const from = length();
    for (const [i, leaf] of leaves.entries()) add.run(from + i, leaf, day);
  }

  /** Closes every day up to but not including `until`. */
  function closeUntil(until: Day): void {
    const open = openDay.get();
    if (open === until) return;
    if (open !== undefined) {
      close(open, waiting.all());
      clear.run();
    }
    const end = last.get();
    if (end === undefined) return;
    const firstIdle = Math.max(end.day + 1, until - mostIdleDays);
    for (let day = firstIdle; day < until; day++) close(day, []);
  }

  const newestDay = (): Day | undefined => openDay.get() ?? last.get()?.day;

  return {
    append(leaf, day) {
      closeUntil(day);
      wait.run(leaf, day);
    },
    acts: {
      padLog(before) {
        const newest = newestDay();
        if (newest === undefined) close(before - 1, []);
        // A clock set back must not close the day that it came from.
        else if (newest < before) closeUntil(before);
      },
      newestLogDay: () => newestDay() ?? null,
      logLength: () => ({ leaves: length(), hashed: ((newestNode.get() ?? -1) + 1) * dayLeaves }),
      listLeaves: (from, limit) => list.all(from, Math.min(limit, mostLeaves)),
      findLeaves: (leaves) =>
        leaves.map((leaf) => find.get(leaf) ?? (waits.get(leaf) === undefined ? null : "waiting")),
      findLogNodes: (subtrees) => subtrees.map(({ level, at }) => findNode.get(level, at) ?? null),
      putLogNodes(nodes: LogNode[]) {
        for (const { level, at, hash } of nodes) putNode.run(level, at, hash);
      },
    },
  };
}
