/** Appending to a case's streams: the reporter's messages and what members write. One compare-and-set each. */
import { equal, fromHex, toBase64, toHex } from "../../crypto/bytes.ts";
import { checkEnvelope } from "../../crypto/envelope/check.ts";
import {
  envelopeHashOf,
  formatEnvelopeWithSlots,
  parseEnvelope,
  streamOf,
  type Envelope,
  type Kind,
  type Stream,
} from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { blindLeaf } from "../../crypto/log.ts";
import { mayStep, type Phase } from "../domain/case-phase.ts";
import {
  eventRow,
  findCase,
  readEnvelopes,
  requireCase,
  requireTeamToken,
  sealState,
  storeState,
  writtenWith,
  type CaseState,
  type LoadedCase,
} from "./case-state.ts";
import { changedReminder } from "../domain/reminder.ts";
import type { Day, NewEvent } from "../ports.ts";
import type { Context } from "./context.ts";
import { tellOfWrite } from "./publish-feed.ts";
import { requireObject, requireSpace } from "./upload-object.ts";

/** "stored", or the bytes that stand where these were meant to go. */
export type Appended = { is: "stored" } | { is: "conflict"; winner: Uint8Array };

const attempts = 5;

/** A reporter's message; the caller has verified whose mailbox it is. */
export async function appendByReporter(context: Context, caseId: Uint8Array, bytes: Uint8Array): Promise<Appended> {
  const envelope = parseEnvelope(bytes);
  if (envelope.header.kind !== "message") throw new PortalError("format", "not a message");
  const load = async (): Promise<LoadedCase> => {
    const found = await findCase(context, caseId);
    if (found === null) throw new PortalError("missing", "no such case");
    return found;
  };
  return append(context, envelope, load, (state) => state);
}

export interface MembersAppend {
  caseId: Uint8Array;
  stream: Stream;
  /** Hash of the token that was presented for that stream. */
  tokenHash: Uint8Array;
  /** What an act changes of what the server sees; nothing but an act may. */
  visible: VisibleChange;
  bytes: Uint8Array;
}

/** Fields that are not there stay as they are. */
export interface VisibleChange {
  phase?: Phase;
  hold?: boolean;
  /** The day on which a closed case goes; null: on none. */
  deleteOn?: Day | null;
}

const membersKinds: readonly Kind[] = ["reply", "rekey", "note", "act", "team", "teamrekey"];

/** A reply, note, act, or a key, by a signed-in member who holds the token of the key before. */
export async function appendByMember(context: Context, request: MembersAppend): Promise<Appended> {
  const envelope = parseEnvelope(request.bytes);
  const { kind } = envelope.header;
  if (!membersKinds.includes(kind)) throw new PortalError("format", "members do not write this kind");
  if (streamOf(kind) !== request.stream) throw new PortalError("format", "kind in the wrong stream");
  if (Object.keys(request.visible).length > 0 && kind !== "act")
    throw new PortalError("format", "only an act changes what the server sees of a case");
  const load = async (): Promise<LoadedCase> => {
    // The team key's envelope is posted with the case token: there is no team token before it.
    if (request.stream === 0 || kind === "team") return requireCase(context, request.caseId, request.tokenHash);
    const found = await findCase(context, request.caseId);
    if (found === null) throw new PortalError("missing", "no such case, or not yours");
    requireTeamToken(found, request.tokenHash);
    return found;
  };
  return append(context, envelope, load, (state) => withChange(state, request.visible, context.clock.today()));
}

function withChange(state: CaseState, { phase, hold, deleteOn }: VisibleChange, today: Day): CaseState {
  const next = { ...state };
  if (phase !== undefined && phase !== state.phase) {
    if (!mayStep(state.phase, phase)) throw new PortalError("refused", "the case cannot go from this phase to that");
    next.phase = phase;
    // Whoever takes a case up again must say anew when it goes.
    if (phase !== "closed") next.deleteOn = null;
  }
  if (hold !== undefined) next.hold = hold;
  if (deleteOn !== undefined) {
    if (deleteOn !== null && next.phase !== "closed") throw new PortalError("refused", "only closed cases are deleted");
    if (deleteOn !== null && deleteOn <= today) throw new PortalError("refused", "the day of deletion is over");
    next.deleteOn = deleteOn;
  }
  return next;
}

async function append(
  context: Context,
  envelope: Envelope,
  load: () => Promise<LoadedCase>,
  change: (state: CaseState) => CaseState,
): Promise<Appended> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const appended = await tryAppend(context, envelope, await load(), change);
    if (appended !== null) return appended;
  }
  throw new PortalError("busy", "the case is being written to");
}

/** Under which key an envelope must be, and what it changes of that. */
interface KeysAfter {
  epoch: number;
  /** Its token is not known yet. */
  isNew: boolean;
  change: Partial<CaseState>;
}

/** @throws PortalError "forged" when it was sealed under another key, or begins one that is in use */
function keysAfter(state: CaseState, { header }: Envelope): KeysAfter {
  const { kind, seq } = header;
  const stream = streamOf(kind);
  const tokenHash = toHex(header.tokenHash);
  const current = stream === 0 ? state.caseTokenHash : state.teamTokenHash;
  const epoch = stream === 0 ? state.keyEpoch : state.teamKeyEpoch;
  if (kind !== "team" && kind !== "rekey" && kind !== "teamrekey") {
    if (tokenHash !== current) throw new PortalError("forged", "sealed under another key");
    return { epoch, isNew: false, change: {} };
  }
  const known = [state.caseTokenHash, state.teamTokenHash, ...state.rekeys.map((each) => each.tokenHash)];
  if (known.includes(tokenHash)) throw new PortalError("forged", "a new key must be a new one");
  if (kind === "team") return { epoch, isNew: true, change: { teamTokenHash: tokenHash } };
  if (current === null) throw new PortalError("format", "there is no key to follow");
  const rekeys = [...state.rekeys, { stream, tokenHash: current, seq }];
  const change: Partial<CaseState> =
    stream === 0
      ? { caseTokenHash: tokenHash, keyEpoch: epoch + 1, rekeys }
      : { teamTokenHash: tokenHash, teamKeyEpoch: epoch + 1, teamKeySeq: seq, rekeys };
  return { epoch: epoch + 1, isNew: true, change };
}

/** Null when somebody else changed the case in between: load it again. */
async function tryAppend(
  context: Context,
  envelope: Envelope,
  found: LoadedCase,
  change: (state: CaseState) => CaseState,
): Promise<Appended | null> {
  const { header } = envelope;
  const { state, row } = found;
  const stream = streamOf(header.kind);
  const tip = stream === 0 ? state.conversation : state.team;
  if (!equal(header.caseId, fromHex(state.caseId))) throw new PortalError("forged", "made for another case");
  if (header.seq < tip.length) return compareWithStored(context, found, envelope, stream);
  const chain = context.book.requireChain();
  if (!equal(header.rosterHash, chain.current.hash))
    throw new PortalError("superseded", "sealed under an older roster");
  checkEnvelope(envelope, chain, fromHex(state.mailboxSign));
  const keys = keysAfter(state, envelope);
  if (header.seq !== tip.length || toHex(header.prevHash) !== tip.hash || header.keyEpoch !== keys.epoch)
    throw new PortalError("format", "does not continue the stream");
  const object = await requireObject(context, header);
  await requireSpace(context);
  const envelopeHash = envelopeHashOf(envelope);
  const logged = blindLeaf({ name: "appended", envelopeHash });
  const newTip = { length: tip.length + 1, hash: toHex(envelopeHash) };
  const next: CaseState = {
    ...change(state),
    written: writtenWith(state.written, envelope),
    ...(header.kind === "message" ? { heardOn: context.clock.today() } : {}),
    ...(header.kind === "reply" && state.firstReplyOn === null ? { firstReplyOn: context.clock.today() } : {}),
    ...(stream === 0 ? { conversation: newTip } : { team: newTip }),
    ...keys.change,
  };
  const write: NewEvent = {
    idx: row.idx,
    expectedVersion: row.version,
    state: sealState(next, found.vault.publicKey),
    event: eventRow(context, envelope, logged.blinding, found.vault.publicKey),
    tokenHash: keys.isNew ? header.tokenHash : null,
    object,
    leaf: logged.leaf,
    day: context.clock.today(),
  };
  context.book.requireCurrent(header.rosterHash); // its writer may have been removed since it was looked at
  const outcome = await context.store.changeCase(write);
  switch (outcome) {
    case "stored":
      await tellOfWrite(context);
      return { is: "stored" };
    case "conflict":
      return null;
    case "known": {
      // Either these very bytes came in twice at once, or the envelope id is somebody else's.
      const again = await findCase(context, header.caseId);
      if (again === null) throw new PortalError("missing", "no such case");
      const length = (stream === 0 ? again.state.conversation : again.state.team).length;
      if (header.seq >= length) throw new PortalError("conflict", "another envelope has this id");
      return compareWithStored(context, again, envelope, stream);
    }
  }
}

/** The same bytes again are the same act; other bytes learn who came first. */
async function compareWithStored(
  context: Context,
  found: LoadedCase,
  envelope: Envelope,
  stream: Stream,
): Promise<Appended> {
  const { seq } = envelope.header;
  const [winner] = await readEnvelopes(context, found, stream, seq, seq + 1);
  if (winner === undefined) throw new PortalError("forged", "a stored envelope is gone");
  return equal(winner, formatEnvelopeWithSlots(envelope)) ? { is: "stored" } : { is: "conflict", winner };
}

/** Stores the readers' next summary version. @throws PortalError "missing" | "conflict" */
export async function storeSummary(
  context: Context,
  caseId: Uint8Array,
  tokenHash: Uint8Array,
  version: number,
  sealed: Uint8Array,
): Promise<void> {
  const bytes = toBase64(sealed);
  await changeByTeam(context, caseId, tokenHash, (state) => {
    // The same again: its answer was lost on the way.
    if (state.summary?.version === version && state.summary.bytes === bytes) return state;
    if (version !== (state.summary?.version ?? 0) + 1) throw new PortalError("conflict", "another summary came first");
    return { ...state, summary: { version, bytes } };
  });
}

/**
 * The day by which something is due, and which reader is told when it passes. `was`: the reader whom the writer
 * saw named before, where that must still be so. @throws PortalError "missing" | "conflict"
 */
export async function storeReminder(
  context: Context,
  caseId: Uint8Array,
  tokenHash: Uint8Array,
  { on, second }: { on: Day | null; second: number | null },
  was?: number | null,
): Promise<void> {
  await changeByTeam(context, caseId, tokenHash, (state) => {
    const named = state.reminder.second;
    if (was !== undefined && named !== was && named !== second)
      throw new PortalError("conflict", "another reader was named meanwhile");
    const reminder = changedReminder(state.reminder, on, second);
    return reminder === state.reminder ? state : { ...state, reminder };
  });
}

async function changeByTeam(
  context: Context,
  caseId: Uint8Array,
  tokenHash: Uint8Array,
  change: (state: CaseState) => CaseState,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await findCase(context, caseId);
    if (found === null) throw new PortalError("missing", "no such case, or not yours");
    requireTeamToken(found, tokenHash);
    const next = change(found.state);
    if (next === found.state) return;
    if (await storeState(context, found, next)) return tellOfWrite(context);
  }
  throw new PortalError("busy", "the case is being written to");
}
