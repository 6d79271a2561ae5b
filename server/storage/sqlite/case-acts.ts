import type { Database } from "better-sqlite3";
import type { CaseRow, EventRow, Store } from "../../ports.ts";
import type { ActsOf } from "../acts.ts";
import type { Feed } from "./feed-acts.ts";
import type { Tallies } from "./heartbeat-acts.ts";
import type { Log } from "./log-acts.ts";
import type { Uploads } from "./upload-acts.ts";

type CaseActs = Pick<
  ActsOf<Store>,
  | "admitCase"
  | "findCase"
  | "findCasesByToken"
  | "listCases"
  | "findReceipt"
  | "changeCase"
  | "shredCase"
  | "findTombstone"
  | "listUnfinishedShreds"
  | "finishShred"
  | "findEvents"
  | "findEventByEnvelope"
>;

/** Cases, their events, and what is stored with them in the same breath. */
export function prepareCaseActs(db: Database, log: Log, feed: Feed, uploads: Uploads, tallies: Tallies): CaseActs {
  const columns = "idx, vault_pk AS vaultPk, version, state";
  const findCase = db.prepare<[Uint8Array], CaseRow>(`SELECT ${columns} FROM cases WHERE idx = ?`);
  const listCases = db.prepare<[Uint8Array, number], CaseRow>(
    `SELECT ${columns} FROM cases WHERE idx > ? ORDER BY idx LIMIT ?`,
  );
  const findByToken = db.prepare<[Uint8Array], CaseRow>(
    `SELECT ${columns} FROM tokens JOIN cases ON idx = case_idx WHERE token_hash = ?`,
  );
  const findReceipt = db.prepare<[Uint8Array], Uint8Array>("SELECT sealed FROM receipts WHERE env_key = ?").pluck();
  const findEvent = db.prepare<[Uint8Array], Uint8Array>("SELECT sealed FROM events WHERE row_key = ?").pluck();
  const findByEnvelope = db.prepare<[Uint8Array], Uint8Array>("SELECT sealed FROM events WHERE env_key = ?").pluck();
  const hasEnvelope = db.prepare("SELECT 1 FROM events WHERE env_key = ?");
  const addCase = db.prepare("INSERT INTO cases VALUES (:idx, :vaultPk, :version, :state)");
  const addEvent = db.prepare("INSERT INTO events VALUES (:rowKey, :envKey, :sealed)");
  const addToken = db.prepare("INSERT INTO tokens VALUES (?, ?)");
  const addReceipt = db.prepare("INSERT INTO receipts VALUES (?, ?)");
  const changeCase = db.prepare("UPDATE cases SET version = version + 1, state = ? WHERE idx = ? AND version = ?");
  const dropCase = db.prepare("DELETE FROM cases WHERE idx = ? AND version = ?"); // its tokens go with it
  const dropEvent = db.prepare("DELETE FROM events WHERE row_key = ?");
  const dropReceipt = db.prepare("DELETE FROM receipts WHERE env_key = ?");
  const addTombstone = db.prepare("INSERT INTO tombstones VALUES (?, ?, 1)");
  const findTombstone = db.prepare<[Uint8Array], number>("SELECT day FROM tombstones WHERE idx = ?").pluck();
  const unfinished = db.prepare<[], Uint8Array>("SELECT idx FROM tombstones WHERE unfinished = 1").pluck();
  const finish = db.prepare("UPDATE tombstones SET unfinished = 0 WHERE idx = ?");
  const isStored = ({ envKey }: EventRow) => hasEnvelope.get(envKey) !== undefined;

  return {
    admitCase(newCase) {
      const { row, event, tokenHash, leaf, day, receipt, object } = newCase;
      if (isStored(event) || findCase.get(row.idx) !== undefined) return "known";
      if (findTombstone.get(row.idx) !== undefined) return "known"; // the same report once more, after its deletion
      addCase.run(row);
      addEvent.run(event);
      addToken.run(tokenHash, row.idx);
      addReceipt.run(event.envKey, receipt);
      for (const item of newCase.feed) feed.wait(item, day);
      log.append(leaf, day);
      if (object !== null) uploads.claim(object);
      return "stored";
    },
    findCase: (idx) => findCase.get(idx) ?? null,
    findCasesByToken: (hashes) => hashes.map((hash) => findByToken.get(hash) ?? null),
    listCases: (after, limit) => listCases.all(after ?? new Uint8Array(), limit),
    findReceipt: (envKey) => findReceipt.get(envKey) ?? null,
    changeCase({ idx, expectedVersion, state, event, tokenHash, object, leaf, day }) {
      if (event !== null && isStored(event)) return "known";
      if (changeCase.run(state, idx, expectedVersion).changes === 0) return "conflict";
      if (event !== null) addEvent.run(event);
      if (tokenHash !== null) addToken.run(tokenHash, idx);
      if (object !== null) uploads.claim(object);
      if (leaf !== null) log.append(leaf, day);
      return "stored";
    },
    shredCase({ idx, expectedVersion, day, rowKeys, envKey, feedContexts, objects, tally }) {
      if (tally !== null && !tallies.follows(tally)) return "conflict";
      if (dropCase.run(idx, expectedVersion).changes === 0) return "conflict";
      for (const rowKey of rowKeys) dropEvent.run(rowKey);
      dropReceipt.run(envKey);
      for (const context of feedContexts) feed.dropWaiting(context);
      for (const object of objects) uploads.dropClaimed(object);
      if (tally !== null) tallies.put(tally);
      addTombstone.run(idx, day);
      return "stored";
    },
    findTombstone: (idx) => findTombstone.get(idx) ?? null,
    listUnfinishedShreds: () => unfinished.all(),
    finishShred(idx) {
      finish.run(idx);
    },
    findEvents: (rowKeys) => rowKeys.map((rowKey) => findEvent.get(rowKey) ?? null),
    findEventByEnvelope: (envKey) => findByEnvelope.get(envKey) ?? null,
  };
}
