/**
 * Deleting a case for good. First everything in the database goes in one transaction that leaves a
 * tombstone; then the vault's key, then the files. Whoever is stopped in between goes on at the
 * next start: until the key is gone the tombstone is marked as unfinished.
 */
import { setTimeout as delay } from "node:timers/promises";
import { fromHex } from "../../crypto/bytes.ts";
import { kinds, parseEnvelope, type Header, type Stream } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { rosterByHash } from "../../crypto/roster.ts";
import { slotCtx } from "../../crypto/slot.ts";
import { envelopeKey, rowKey } from "../../crypto/vault.ts";
import { goesOn } from "../../data/policy/deleted-everywhere.ts";
import type { Day, Shred } from "../ports.ts";
import { findCase, readEnvelopes, requireTeamToken, type LoadedCase } from "./case-state.ts";
import type { Context } from "./context.ts";
import { everyCase } from "./every-case.ts";
import { tallyWithout } from "./heartbeat.ts";
import { tellOfWrite } from "./publish-feed.ts";
import { takeTurns } from "./turns.ts";

const attempts = 5;
const forgetTries = 10;
const forgetPauseMs = 100;
/** Envelopes read at a time to learn which objects belong to them. */
const readAtOnce = 16;

/** `erased`: no trace is left on the disk; a backup that reads at this moment holds some for as long as it does. */
export interface Shredded {
  day: Day;
  erased: boolean;
}

/**
 * Deletes a closed case that nobody holds, for a reader with the team's token.
 * Again, or with a wrong token: "missing".
 * @throws PortalError "missing" | "refused" (not closed, or on hold) | "busy"
 */
export async function shredCase(context: Context, caseId: Uint8Array, tokenHash: Uint8Array): Promise<Shredded> {
  const { idx, day } = await shred(context, caseId, (found) => requireTeamToken(found, tokenHash));
  return { day, erased: await finish(context, [idx]) };
}

/** Deletes what readers set a date for that has come. Answers how many; one that cannot go now keeps no other from it. */
export async function shredDue(context: Context): Promise<number> {
  const today = context.clock.today();
  const isDue = ({ state: { phase, hold, deleteOn, heardOn } }: LoadedCase): boolean => {
    const day = goesOn(deleteOn, heardOn);
    return phase === "closed" && !hold && day !== null && day <= today;
  };
  const gone: Uint8Array[] = [];
  for await (const found of everyCase(context)) {
    if (!isDue(found)) continue;
    try {
      const { idx } = await shred(context, fromHex(found.state.caseId), (now) => {
        if (!isDue(now)) throw new PortalError("refused", "the case is not due any more");
      });
      gone.push(idx);
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
    }
  }
  await finish(context, gone);
  return gone.length;
}

/** Rows, key and files. What is left of them in the write-ahead logs, `finish` waits for. */
async function shred(context: Context, caseId: Uint8Array, require: (found: LoadedCase) => void): Promise<Shred> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const plan = await inTurn(context, () => deleteRows(context, caseId, require));
    if (plan === null) continue;
    await context.keyring.remove(plan.idx);
    for (const object of plan.objects) await context.objects.remove(object);
    await tellOfWrite(context);
    return plan;
  }
  throw new PortalError("busy", "the case is being written to");
}

/** All of them write the same quarter's tally: at once, most would only begin again. */
const inTurn = takeTurns();

/** Null: somebody wrote in between, and what they wrote has to be listed too. */
async function deleteRows(
  context: Context,
  caseId: Uint8Array,
  require: (found: LoadedCase) => void,
): Promise<Shred | null> {
  const found = await findCase(context, caseId);
  if (found === null) throw new PortalError("missing", "no such case, or not yours");
  require(found);
  if (found.state.hold) throw new PortalError("refused", "the case is on hold");
  if (found.state.phase !== "closed") throw new PortalError("refused", "only closed cases are deleted");
  const plan = await planShred(context, found);
  return (await context.store.shredCase(plan)) === "conflict" ? null : plan;
}

/** Only when no trace of their entries is left in the keyring are deletions done. */
async function finish({ keyring, store }: Context, deleted: readonly Uint8Array[]): Promise<boolean> {
  // Somebody who reads at this moment is done in a blink; a backup takes its time, and is not waited for.
  for (let tries = 0; tries < forgetTries; tries++) {
    if (tries > 0) await delay(forgetPauseMs);
    if (!(await keyring.forgotten()) || !(await store.forgotten())) continue;
    for (const idx of deleted) await store.finishShred(idx);
    return true;
  }
  return false;
}

/** For deletions that a crash, a full disk or a running backup cut short. Their files have no row any more: expireUploads() takes them. */
export async function finishShreds(context: Context): Promise<void> {
  const unfinished = await context.store.listUnfinishedShreds();
  for (const idx of unfinished) await context.keyring.remove(idx);
  await finish(context, unfinished);
}

async function planShred(context: Context, found: LoadedCase): Promise<Shred> {
  const { row, state } = found;
  const caseId = fromHex(state.caseId);
  const lengths = [state.conversation.length, state.team.length] as const;
  const rowKeys = lengths.flatMap((length, stream) =>
    Array.from({ length }, (_, seq) => rowKey(context.keys.index, caseId, stream, seq)),
  );
  return {
    idx: row.idx,
    expectedVersion: row.version,
    day: context.clock.today(),
    rowKeys,
    envKey: envelopeKey(context.keys.index, fromHex(state.report.envId)),
    feedContexts: await feedContexts(context, found),
    objects: [...(await objectsOf(context, found, 0)), ...(await objectsOf(context, found, 1))],
    tally: await tallyWithout(context, state),
  };
}

async function objectsOf(context: Context, found: LoadedCase, stream: Stream): Promise<Uint8Array[]> {
  const { length } = stream === 0 ? found.state.conversation : found.state.team;
  const objects: Uint8Array[] = [];
  for (let from = 0; from < length; from += readAtOnce) {
    for (const header of await headersOf(context, found, stream, from, Math.min(from + readAtOnce, length)))
      if (header.objLen > 0) objects.push(header.envId);
  }
  return objects;
}

/**
 * Of those that can be read: a damaged row must not keep a case from being deleted. Its attachment, if it
 * had one, stays as a file that nothing opens any more.
 */
async function headersOf(
  context: Context,
  found: LoadedCase,
  stream: Stream,
  from: number,
  to: number,
): Promise<Header[]> {
  try {
    return (await readEnvelopes(context, found, stream, from, to)).map((bytes) => parseEnvelope(bytes).header);
  } catch (error) {
    if (!(error instanceof PortalError) || !["forged", "format", "missing"].includes(error.code)) throw error;
    if (to - from === 1) return [];
    const middle = Math.floor((from + to) / 2);
    const halves = [await headersOf(context, found, stream, from, middle)];
    halves.push(await headersOf(context, found, stream, middle, to));
    return halves.flat();
  }
}

/** As they were made when the report came in, see submit-report.ts. */
async function feedContexts(context: Context, found: LoadedCase): Promise<Uint8Array[]> {
  const [header] = await headersOf(context, found, 0, 0, 1);
  // Of a damaged report the items still wait: they lead to a case that is gone.
  if (header === undefined) return [];
  const roster = rosterByHash(context.book.requireChain(), header.rosterHash);
  return roster.recipients.map((member, i) => slotCtx({ ...header, kind: kinds[header.kind] }, i, member.keys));
}
