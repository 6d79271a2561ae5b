import type { Store } from "../ports.ts";
import { openActs } from "./acts.ts";
import type { ActModes } from "./acts.ts";

export const storeModes: ActModes<Store> = {
  findPortal: "read",
  putPortal: "write",
  findSetupSecretHash: "read",
  putSetupSecretHash: "forget",
  listRosters: "read",
  appendRoster: "forget", // of the set-up secret
  listInvites: "read",
  findInvite: "read",
  putInvite: "write",
  deleteInvite: "forget",
  joinInvite: "write",
  admitCase: "write",
  findCase: "read",
  findCasesByToken: "read",
  listCases: "read",
  findReceipt: "read",
  changeCase: "write",
  shredCase: "forget",
  findTombstone: "read",
  listUnfinishedShreds: "read",
  finishShred: "write",
  findEvents: "read",
  findEventByEnvelope: "read",
  findUpload: "read",
  reserveUpload: "write",
  unclaimedBytes: "read",
  listUnclaimed: "read",
  advanceUpload: "write",
  dropUpload: "write", // a random id and a length
  expireUploads: "forget",
  pendingFeed: "read",
  newestTick: "read",
  publishFeed: "forget", // of which items waited
  feedAfter: "read",
  padLog: "forget", // of which leaves waited, and so are no filler
  newestLogDay: "read",
  logLength: "read",
  listLeaves: "read",
  findLeaves: "read",
  findLogNodes: "read",
  putLogNodes: "write",
  listPresentation: "read",
  putPresentation: "write",
  putQuestionnaires: "write",
  findQuestionnaire: "read",
  listHeartbeats: "read",
  putHeartbeat: "forget", // of the exact counts in the tally
  listTallies: "read",
  putTally: "forget", // of the counts before
  findReminderSlot: "read",
  advanceReminderSlot: "write",
};

/**
 * Opens the embedded store: one SQLite file with its -wal beside it, readable to its owner only.
 * @throws PortalError "closed" when the file is damaged, "refused" when a newer version wrote it
 */
export function openSqliteStore(path: string): Promise<Store> {
  return openActs<Store>(new URL("./sqlite-worker.ts", import.meta.url), path, storeModes);
}
