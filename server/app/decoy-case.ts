/**
 * A case that nobody filed. For a mailbox without a case the server does the work that a new case
 * costs, so that the time of an answer does not tell the network whether a code leads anywhere.
 */
import { noReminder } from "../domain/reminder.ts";
import { toBase64, toHex } from "../../crypto/bytes.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { generateVault, openFromVault, rowKey, sealToVault } from "../../crypto/vault.ts";
import type { CaseRow } from "../ports.ts";
import { formatKeyringEntry, nothingWritten, openCase, sealState, type CaseState } from "./case-state.ts";
import type { Context } from "./context.ts";

interface Decoy {
  row: CaseRow;
  entry: Uint8Array;
  /** As long as a short report with its slots. */
  event: Uint8Array;
}

const reportBytes = 20 * 1024;
const decoys = new WeakMap<Context, Decoy>();

function makeDecoy(context: Context): Decoy {
  const vault = generateVault(context.keys.box.publicKey);
  const hex = (length: number): string => toHex(randomBytes(length));
  const state: CaseState = {
    caseId: hex(32),
    receivedOn: context.clock.today(),
    phase: "received",
    hold: false,
    reminder: noReminder,
    firstReplyOn: null,
    heardOn: null,
    deleteOn: null,
    mailboxSign: hex(32),
    caseTokenHash: hex(32),
    teamTokenHash: null,
    conversation: { length: 1, hash: hex(32) },
    team: { length: 0, hash: hex(32) },
    keyEpoch: 0,
    teamKeyEpoch: 0,
    teamKeySeq: 0,
    rekeys: [],
    written: { ...nothingWritten, reporter: reportBytes },
    report: {
      rosterHash: hex(32),
      envId: hex(16),
      keyEpoch: 0,
      flags: 0,
      summary: toBase64(randomBytes(552)),
    },
    summary: null,
    blinding: hex(32),
  };
  return {
    row: { idx: randomBytes(32), vaultPk: vault.publicKey, version: 0, state: sealState(state, vault.publicKey) },
    entry: formatKeyringEntry(vault.publicKey, vault.sealedSecret),
    event: sealToVault(randomBytes(reportBytes), vault.publicKey),
  };
}

/** Reads it as a case with this id would be read. */
export async function readDecoy(context: Context, caseId: Uint8Array): Promise<void> {
  const decoy = decoys.get(context) ?? makeDecoy(context);
  decoys.set(context, decoy);
  const { vault } = openCase(context, decoy.row, decoy.entry);
  await context.store.findEvents([rowKey(context.keys.index, caseId, 0, 0)]);
  openFromVault(decoy.event, vault);
}
