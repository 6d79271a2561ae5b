import type { Database } from "better-sqlite3";
import { PortalError } from "../../../crypto/errors.ts";
import type { Store, Upload } from "../../ports.ts";
import type { ActsOf } from "../acts.ts";

type UploadActs = Pick<
  ActsOf<Store>,
  "findUpload" | "reserveUpload" | "unclaimedBytes" | "listUnclaimed" | "advanceUpload" | "dropUpload" | "expireUploads"
>;

/** What a reservation counts before anything has come: the smallest object. */
const leastCountedBytes = 256 * 1024;

export interface Uploads {
  /** @throws PortalError "missing" when it is not there or not complete, "conflict" when claimed */
  claim(envId: Uint8Array): void;
  /** Forgets a case's object with its case. */
  dropClaimed(envId: Uint8Array): void;
  acts: UploadActs;
}

type UploadRow = Omit<Upload, "claimed"> & { claimed: 0 | 1 };

/** Attachment objects on their way in; the bytes are in the object store. */
export function prepareUploads(db: Database): Uploads {
  const find = db.prepare<[Uint8Array], UploadRow>(
    "SELECT env_id AS envId, ticket_hash AS ticketHash, length, received, hash, day, claimed FROM uploads WHERE env_id = ?",
  );
  // Complete but unclaimed objects count too, or whoever never claims could fill the disk; and
  // reservations of which nothing came count little, or whoever never sends could keep others out.
  const held = db
    .prepare<[], number>(
      `SELECT coalesce(sum(min(length, max(received, ${leastCountedBytes}))), 0) FROM uploads WHERE claimed = 0`,
    )
    .pluck();
  const unclaimed = db.prepare<[], Uint8Array>("SELECT env_id FROM uploads WHERE claimed = 0").pluck();
  const add = db.prepare("INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?)");
  const advance = db.prepare(
    "UPDATE uploads SET received = :to, hash = coalesce(:hash, hash) WHERE env_id = :envId AND received = :from AND :to BETWEEN :from AND length AND claimed = 0",
  );
  const claim = db.prepare("UPDATE uploads SET claimed = 1 WHERE env_id = ? AND claimed = 0 AND hash IS NOT NULL");
  const drop = db.prepare("DELETE FROM uploads WHERE env_id = ? AND claimed = 0");
  const dropClaimed = db.prepare("DELETE FROM uploads WHERE env_id = ? AND claimed = 1");
  const expire = db
    .prepare<[number], Uint8Array>("DELETE FROM uploads WHERE claimed = 0 AND day < ? RETURNING env_id")
    .pluck();

  return {
    claim(envId) {
      if (claim.run(envId).changes === 1) return;
      if (find.get(envId)?.claimed === 1)
        throw new PortalError("conflict", "the attachment object belongs to another envelope");
      throw new PortalError("missing", "the attachment object is not complete");
    },
    dropClaimed(envId) {
      dropClaimed.run(envId);
    },
    acts: {
      findUpload(envId) {
        const row = find.get(envId);
        return row === undefined ? null : { ...row, claimed: row.claimed === 1 };
      },
      reserveUpload({ envId, ticketHash, length, received, hash, day, claimed }, budgetBytes) {
        if (find.get(envId) !== undefined) return "conflict";
        if ((held.get() ?? 0) + Math.min(length, leastCountedBytes) > budgetBytes) return "full";
        add.run(envId, ticketHash, length, received, hash, day, claimed ? 1 : 0);
        return "stored";
      },
      unclaimedBytes: () => held.get() ?? 0,
      listUnclaimed: () => unclaimed.all(),
      advanceUpload: (envId, from, to, hash) => advance.run({ envId, from, to, hash }).changes === 1,
      dropUpload: (envId) => drop.run(envId).changes === 1,
      expireUploads: (before) => expire.all(before),
    },
  };
}
