/**
 * What is published of a quarter: three counts, each as a band. Whatever the counts are, nobody can
 * tell from the bands, or by subtracting one from another, which of 0, 1, 2, 3 and 4 a small one is.
 */
import { equal, utf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { count, dayText, hexOf, parseJson, z } from "../../crypto/shape.ts";

/** Both ends included. */
export interface Band {
  least: number;
  most: number;
}

export interface Counts {
  /** Reports that came in. */
  received: number;
  /** Those of them that got a reply within `daysToAnswer`; never more. */
  answered: number;
  /** Cases not closed at the quarter's end whose date had passed; also of earlier quarters. */
  overdue: number;
}

export type Bands = Record<keyof Counts, Band>;

/** Days from the day of arrival within which a first reply is in time. */
export const daysToAnswer = 7;

/** The least count of each band but the first: 5, 10, 20, 50, 100, 200, 500 … */
function leastOf(step: number): number {
  if (step === 0) return 0;
  return [5, 10, 20][(step - 1) % 3]! * 10 ** Math.floor((step - 1) / 3);
}

/** Which band a count is in: 0 for fewer than 5, 1 for 5–9 and so on. */
export function stepOf(count: number): number {
  let step = 0;
  while (leastOf(step + 1) <= count) step += 1;
  return step;
}

function bandAt(step: number): Band {
  return { least: leastOf(step), most: leastOf(step + 1) - 1 };
}

/**
 * Those that were not answered in time are received less answered. So that this too tells no small
 * count from nothing, answered is told in one wider band where it lies in received's band or the one
 * below. In any lower band at least six are left.
 */
function answeredBand(received: number, answered: number): Band {
  const top = stepOf(received);
  const step = stepOf(answered);
  if (step < top - 1) return bandAt(step);
  return { least: bandAt(Math.max(0, top - 1)).least, most: bandAt(top).most };
}

export function bandsOf({ received, answered, overdue }: Counts): Bands {
  return {
    received: bandAt(stepOf(received)),
    answered: answeredBand(received, answered),
    overdue: bandAt(stepOf(overdue)),
  };
}

export interface Heartbeat extends Bands {
  /** Hexadecimal. */
  portalId: string;
  /** "2026-Q4" */
  quarter: string;
  /** YYYY-MM-DD; depends on the quarter alone. */
  madeOn: string;
  /** Of the roster in force, which names the key that signs. */
  rosterEpoch: number;
}

/** The one encoding, PROTOCOL.md "Heartbeat": fields in this order, no white space, one newline. */
export function formatHeartbeat(heartbeat: Heartbeat): Uint8Array {
  const band = ({ least, most }: Band): Band => ({ least, most });
  const { portalId, quarter, madeOn, rosterEpoch, received, answered, overdue } = heartbeat;
  const ordered = {
    format: "tellhaven-heartbeat-1",
    portalId,
    quarter,
    madeOn,
    rosterEpoch,
    received: band(received),
    answered: band(answered),
    overdue: band(overdue),
  };
  return utf8(`${JSON.stringify(ordered)}\n`);
}

const bandShape = z.strictObject({ least: count, most: count });
const heartbeatShape = z.strictObject({
  format: z.literal("tellhaven-heartbeat-1"),
  portalId: hexOf(32),
  quarter: z.string().check(z.regex(/^\d{4}-Q[1-4]$/)),
  madeOn: dayText,
  rosterEpoch: count,
  received: bandShape,
  answered: bandShape,
  overdue: bandShape,
});

/** @throws PortalError "format" */
export function parseHeartbeat(bytes: Uint8Array): Heartbeat {
  const { format: _, ...heartbeat } = parseJson(heartbeatShape, bytes, "heartbeat");
  if (!equal(formatHeartbeat(heartbeat), bytes)) throw new PortalError("format", "not in its one encoding");
  return heartbeat;
}

/** Minisign's trusted comment. */
export function heartbeatComment({ portalId, quarter }: Pick<Heartbeat, "portalId" | "quarter">): string {
  return `tellhaven heartbeat ${portalId} ${quarter}`;
}
