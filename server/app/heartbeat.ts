/**
 * The heartbeat: each quarter's counts as bands, signed by the log's key, published once on a day
 * that depends on the quarter alone. A quarter is counted twice. At its end: what is overdue then.
 * On the day of publication: what came in, and what was answered, for which there are some days left.
 */
import { utf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { minisign } from "../../crypto/minisign.ts";
import { count, parseJson, z } from "../../crypto/shape.ts";
import { openFromVault, sealToVault } from "../../crypto/vault.ts";
import { endOf, publicationDayOf, quarterAfter, quarterOf } from "../../data/policy/quarter.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { bandsOf, daysToAnswer, formatHeartbeat, heartbeatComment } from "../domain/heartbeat.ts";
import type { Tally } from "../ports.ts";
import type { CaseState } from "./case-state.ts";
import type { Context } from "./context.ts";
import { everyCase } from "./every-case.ts";

const attempts = 5;
/** Of quarters that were missed. More is a clock that jumped, not a portal that stood still. */
const mostMissed = 4;

const tallyShape = z.strictObject({
  /** Of cases that were deleted. */
  received: count,
  answered: count,
  /** Null: the quarter's end was not counted yet. */
  overdue: z.nullable(count),
});
type TallyCounts = z.infer<typeof tallyShape>;

/** Version 0: nothing is kept of this quarter yet. */
interface OpenTally {
  quarter: string;
  version: number;
  counts: TallyCounts;
}

function isAnswered({ receivedOn, firstReplyOn }: CaseState): boolean {
  return firstReplyOn !== null && firstReplyOn - receivedOn <= daysToAnswer;
}

function openTally({ keys }: Context, quarter: string, tallies: readonly Tally[]): OpenTally {
  const found = tallies.find((each) => each.quarter === quarter);
  if (found === undefined) return { quarter, version: 0, counts: { received: 0, answered: 0, overdue: null } };
  return {
    quarter,
    version: found.version,
    counts: parseJson(tallyShape, openFromVault(found.sealed, keys.box), "tally"),
  };
}

function nextTally({ keys }: Context, { quarter, version }: OpenTally, counts: TallyCounts): Tally {
  return { quarter, version: version + 1, sealed: sealToVault(utf8(JSON.stringify(counts)), keys.box.publicKey) };
}

interface Book {
  /** The first quarter that is or will be published; null: counting has not begun. */
  begun: string | null;
  published: ReadonlySet<string>;
  tallies: readonly Tally[];
}

async function readBook({ store }: Context): Promise<Book> {
  const tallies = await store.listTallies();
  const published = (await store.listHeartbeats()).map(({ quarter }) => quarter);
  const [begun = null] = [...published, ...tallies.map(({ quarter }) => quarter)].sort();
  return { begun, published: new Set(published), tallies };
}

/** A trial publishes nothing; before there is a roster there is nothing to publish. */
function isReal({ book }: Context): boolean {
  return book.chain !== null && !book.chain.current.trial;
}

/** What its deletion would take from a quarter that is still to be published, to be stored with it; else null. */
export async function tallyWithout(context: Context, state: CaseState): Promise<Tally | null> {
  if (!isReal(context)) return null;
  const quarter = quarterOf(state.receivedOn);
  const { begun, published, tallies } = await readBook(context);
  if (quarter < (begun ?? quarterOf(context.clock.today())) || published.has(quarter)) return null;
  const tally = openTally(context, quarter, tallies);
  const { received, answered } = tally.counts;
  return nextTally(context, tally, {
    ...tally.counts,
    received: received + 1,
    answered: answered + (isAnswered(state) ? 1 : 0),
  });
}

/** Counts and publishes whatever is due; as often as one likes, each quarter is published once. */
export async function publishHeartbeats(context: Context): Promise<void> {
  if (!isReal(context)) return;
  const today = context.clock.today();
  const current = quarterOf(today);
  const { begun, published, tallies } = await readBook(context);
  if (begun === null) {
    const first = openTally(context, current, tallies);
    await context.store.putTally(nextTally(context, first, first.counts));
    return;
  }
  const missed: string[] = [];
  for (let quarter = begun; quarter < current; quarter = quarterAfter(quarter))
    if (!published.has(quarter)) missed.push(quarter);
  for (const quarter of missed.slice(-mostMissed)) {
    await untilKept(() => countOverdue(context, quarter));
    if (publicationDayOf(quarter) <= today) await untilKept(() => publish(context, quarter));
  }
}

/** A case that is deleted while cases are counted changes the tally: they are counted again. */
async function untilKept(act: () => Promise<"kept" | "conflict">): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) if ((await act()) === "kept") return;
  throw new PortalError("busy", "cases are being deleted");
}

async function countOverdue(context: Context, quarter: string): Promise<"kept" | "conflict"> {
  const tally = openTally(context, quarter, await context.store.listTallies());
  if (tally.counts.overdue !== null) return "kept";
  let overdue = 0;
  for await (const { state } of everyCase(context)) {
    const { on } = state.reminder;
    if (state.phase !== "closed" && on !== null && on < endOf(quarter)) overdue += 1;
  }
  const outcome = await context.store.putTally(nextTally(context, tally, { ...tally.counts, overdue }));
  return outcome === "stored" ? "kept" : "conflict";
}

async function publish(context: Context, quarter: string): Promise<"kept" | "conflict"> {
  const { store, keys } = context;
  const tally = openTally(context, quarter, await store.listTallies());
  let { received, answered } = tally.counts;
  for await (const { state } of everyCase(context)) {
    if (quarterOf(state.receivedOn) !== quarter) continue;
    received += 1;
    if (isAnswered(state)) answered += 1;
  }
  const { current } = context.book.requireChain();
  const heartbeat = {
    portalId: current.portalId,
    quarter,
    madeOn: textOfDay(publicationDayOf(quarter)),
    rosterEpoch: current.epoch,
    ...bandsOf({ received, answered, overdue: tally.counts.overdue ?? 0 }),
  };
  const bytes = formatHeartbeat(heartbeat);
  const signature = utf8(minisign(bytes, keys.log, heartbeatComment(heartbeat)));
  const outcome = await store.putHeartbeat({ quarter, bytes, signature }, tally.version);
  return outcome === "conflict" ? "conflict" : "kept";
}
