/**
 * The keys that a member's feed gave: one case each, followed from key to key where a case got new ones. Keys stay
 * in the objects of this file; for workers only.
 */
import { concat, equal, fromBase64, fromHex, toBase64Url, toHex } from "../../../crypto/bytes.ts";
import { phases } from "../../../crypto/content.ts";
import { openKeySlot, openNextCaseKey } from "../../../crypto/envelope/open-key.ts";
import { kinds, parseHeaderBytes, parseWithoutSlots } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { checkFeedItem, openFeedItem, parseFeedPage } from "../../../crypto/feed.ts";
import { parseTeamKey, tokenOf, type CaseKey, type TeamKey } from "../../../crypto/keys.ts";
import { count, dayText, hexOf, parseShape, z } from "../../../crypto/shape.ts";
import { nothingKnown, type LogMemory } from "./log.ts";
import type { Session } from "./session.ts";

export const mostTokens = 500; // per lookup, as the server allows

const caseShape = z.object({
  caseId: hexOf(32),
  rosterHash: hexOf(32),
  envId: hexOf(16),
  keyEpoch: count,
  receivedOn: dayText,
  phase: z.enum(phases),
  hold: z.boolean(),
  /** The server's one date of what is due, and who is told when it has passed. */
  remindOn: z.nullable(dayText),
  second: z.nullable(count),
  deleteOn: z.nullable(dayText),
  heardOn: z.nullable(dayText),
  flags: count,
  /** base64, 552 bytes. */
  reportSummary: z.string(),
  summary: z.nullable(z.object({ version: count, bytes: z.string() })),
  conversationLength: count,
  teamLength: count,
});
/** Header of a team key's envelope, and this member's slot in its row, base64. */
const teamKeyShape = z.object({ header: z.string(), slot: z.string() });
/** A rekey without its slots, and this member's own, base64. */
const movedShape = z.object({ moved: z.object({ envelope: z.string(), slot: z.string() }) });
type Moved = z.infer<typeof movedShape>["moved"];
/** Null: the token leads nowhere. "damaged": what the server has of it does not open. "moved": to the next key. */
const lookupShape = z.nullable(z.union([caseShape, z.literal("damaged"), movedShape]));
/** What the server says of a case to who holds its token; nothing in it is believed unchecked. */
export type Lookup = z.infer<typeof caseShape>;

/** What a member holds of one case. */
export interface Held {
  /** Of the feed's item: what it was made for, the same however often the server hands it out. */
  ctx: Uint8Array;
  /** By epoch, as far as they were given to this member. */
  caseKeys: CaseKey[];
  /** The newest team key that is known here. */
  team: TeamKey | null;
  /** Who reads it, once its report was opened in this session. */
  readers: readonly number[] | null;
  /**
   * This member declared that they have no conflict, or, where the team's stream cannot take their word, said so to
   * this device; null: not known here yet.
   */
  cleared: boolean | null;
}

/** What a signed-in reader's device knows. Forgotten with the session, but for what key-cache.ts keeps sealed. */
export interface Desk {
  session: Session;
  /** The feed's tick to ask after next. */
  tick: number;
  held: Held[];
  /** By case id, hex. */
  cases: Map<string, { held: Held; lookup: Lookup }>;
  /** What the feed items of cases were made for in which this member declared a conflict, hex: never opened again. */
  gone: Set<string>;
  /** Ids of those that were given up since the desk was opened. */
  left: Set<string>;
  /** Feed items that led to a case which they were not made for, or which does not open. */
  damaged: number;
  /** Cases that got a new key which was not given to this member, though they declared no conflict. */
  withdrawn: number;
  /** What this browser was shown of the portal's log; replies carry the newest of it. */
  log: LogMemory;
}

export function newDesk(session: Session): Desk {
  const found = { held: [], cases: new Map(), gone: new Set<string>(), left: new Set<string>() };
  return { session, tick: 0, ...found, damaged: 0, withdrawn: 0, log: nothingKnown };
}

export const newestKey = ({ caseKeys }: Held): CaseKey => caseKeys.at(-1)!;

/** Reads the feed from where it was left, and keeps the keys of the items that are for this member. */
export async function syncFeed(desk: Desk, progress: (items: number) => void = () => {}): Promise<void> {
  let items = 0;
  const known = new Set(desk.held.map(({ ctx }) => toHex(ctx)));
  for (;;) {
    const page = parseFeedPage(await desk.session.sendForBytes(`/feed?after=${desk.tick}`));
    for (const item of page.items) {
      const ctx = toHex(item.ctx);
      const caseKey = desk.gone.has(ctx) || known.has(ctx) ? null : openFeedItem(item, desk.session.secrets);
      if (caseKey !== null) {
        known.add(ctx);
        desk.held.push({ ctx: item.ctx, caseKeys: [caseKey], team: null, readers: null, cleared: null });
      }
      items += 1;
      // Opening takes half a millisecond: let messages and timers through now and then.
      if (items % 200 === 0) await pause();
    }
    progress(items);
    if (page.newestTick <= desk.tick) return;
    desk.tick = page.newestTick;
  }
}

export const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

const tokensOf = (keys: readonly CaseKey[]): Uint8Array => concat(...keys.map(tokenOf));

/** What a lookup says of a case. "withdrawn": its next key was not given to this member. */
export type Found = Lookup | "damaged" | "withdrawn" | null;

/**
 * Answers in the order of `held`; cases that got new keys are followed to the newest, all of them step by step. Where
 * a later key leads nowhere any more, because the server was set back or showed a key that never came to count, the
 * case is looked for from its first.
 */
export async function lookUp(desk: Desk, held: readonly Held[]): Promise<Found[]> {
  const results = await follow(desk, held);
  const lost = [...held.keys()].filter((i) => results[i] === null && held[i]!.caseKeys.length > 1);
  if (lost.length === 0) return results;
  const anew = lost.map((i) => ({ ...held[i]!, caseKeys: held[i]!.caseKeys.slice(0, 1) }));
  for (const [k, found] of (await follow(desk, anew)).entries()) {
    const i = lost[k]!;
    results[i] = found;
    if (typeof found === "object" && found !== null) held[i]!.caseKeys = anew[k]!.caseKeys;
  }
  return results;
}

async function follow(desk: Desk, held: readonly Held[]): Promise<Found[]> {
  const results = held.map((): Found => null);
  let asked = [...held.keys()];
  while (asked.length > 0) {
    const moved: number[] = [];
    // Another lookup beside this one may take the next keys while the server answers.
    const keys = asked.map((i) => newestKey(held[i]!));
    const found = await askFor(desk, keys);
    for (const [k, each] of found.entries()) {
      const i = asked[k]!;
      if (each === null || each === "damaged" || !("moved" in each)) {
        results[i] = each;
        continue;
      }
      const next = await takeNextKey(desk, held[i]!, keys[k]!, each.moved);
      if (next === "taken") moved.push(i);
      else results[i] = next;
      if (k % 50 === 49) await pause();
    }
    asked = moved;
  }
  return results;
}

async function askFor(desk: Desk, keys: readonly CaseKey[]): Promise<z.infer<typeof lookupShape>[]> {
  const answer = await desk.session.sendForJson("/cases/lookup", { method: "POST", body: tokensOf(keys) });
  const found = parseShape(z.array(lookupShape), answer, "lookup");
  if (found.length !== keys.length) throw new PortalError("format", "lookup answered for other cases");
  return found;
}

/** A key that nobody with the last one made is not taken: with it the server could hide the case. */
async function takeNextKey(
  desk: Desk,
  held: Held,
  last: CaseKey,
  moved: Moved,
): Promise<"taken" | "damaged" | "withdrawn"> {
  try {
    const rekey = parseWithoutSlots(fromBase64(moved.envelope));
    await knowRoster(desk, rekey.header.rosterHash);
    const { chain, me, secrets } = desk.session;
    const key = openNextCaseKey(rekey, fromBase64(moved.slot), last, chain, me.id, secrets);
    if (key === null) return "withdrawn";
    if (newestKey(held) === last) held.caseKeys.push(key);
    return "taken";
  } catch (error) {
    if (error instanceof PortalError && isUntrue(error)) return "damaged";
    throw error;
  }
}

/** What was answered does not verify, or is none of ours. */
export const isUntrue = ({ code }: PortalError): boolean => code === "forged" || code === "format";

async function takeTeamKey(desk: Desk, { header, slot }: z.infer<typeof teamKeyShape>): Promise<Uint8Array | null> {
  const parsed = parseHeaderBytes(fromBase64(header));
  if (parsed.kind !== "team" && parsed.kind !== "teamrekey")
    throw new PortalError("forged", "another kind of envelope");
  await knowRoster(desk, parsed.rosterHash);
  const { chain, me, secrets } = desk.session;
  return openKeySlot(parsed, fromBase64(slot), chain, me.id, secrets);
}

/**
 * Fills in the newest team keys, for lists only: an envelope of the stream is written with them after all of the
 * stream was verified. Cases without one, or without a part in it, stay as they are.
 */
export async function takeTeamKeys(desk: Desk, held: readonly Held[]): Promise<void> {
  const answer = await desk.session.sendForJson("/cases/team-keys", {
    method: "POST",
    body: tokensOf(held.map(newestKey)),
  });
  const keys = parseShape(z.array(z.nullable(teamKeyShape)), answer, "team keys");
  if (keys.length !== held.length) throw new PortalError("format", "team keys of other cases");
  for (const [i, key] of keys.entries()) {
    if (key === null) continue;
    try {
      const opened = await takeTeamKey(desk, key);
      if (opened !== null) held[i]!.team = parseTeamKey(opened);
    } catch (error) {
      // Its summary will not open then, which the list says.
      if (!(error instanceof PortalError) || !isUntrue(error)) throw error;
    }
    if (i % 100 === 99) await pause();
  }
}

/** A roster newer than ours is asked for once. */
export async function knowRoster(desk: Desk, rosterHash: Uint8Array): Promise<void> {
  if (desk.session.chain.rosters.some(({ hash }) => equal(hash, rosterHash))) return;
  await desk.session.refreshRosters();
}

/** The item must have been made for this case and this member. @throws PortalError "forged" */
export async function checkItem(desk: Desk, item: Held, lookup: Lookup): Promise<void> {
  const rosterHash = fromHex(lookup.rosterHash, 32);
  await knowRoster(desk, rosterHash);
  const { chain, me } = desk.session;
  const of = { portalId: chain.portalId, rosterHash, caseId: fromHex(lookup.caseId), envId: fromHex(lookup.envId) };
  checkFeedItem(item, { ...of, kind: kinds.report, keyEpoch: lookup.keyEpoch }, chain, me.id);
}

/** Forgets a case in which this member has a conflict, for good. */
export function forgetHeld(desk: Desk, caseId: string): void {
  const found = desk.cases.get(caseId);
  if (found === undefined) return;
  const ctx = toHex(found.held.ctx);
  desk.gone.add(ctx);
  desk.left.add(caseId);
  desk.held = desk.held.filter((each) => toHex(each.ctx) !== ctx);
  desk.cases.delete(caseId);
}

export const caseToken = (key: CaseKey): Record<string, string> => ({ "x-case-token": toBase64Url(tokenOf(key)) });
export const teamToken = (key: TeamKey): Record<string, string> => ({ "x-team-token": toBase64Url(tokenOf(key)) });
