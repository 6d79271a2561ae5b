/** Setting up: who may register the charter, invites, joins, and the rosters that the charter signs. */
import { equal, fromBase64, fromHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { hash } from "../../crypto/hash.ts";
import { checkJoin } from "../../crypto/join.ts";
import { portalIdOf } from "../../crypto/keys.ts";
import { openRoster, roles, type SignedRosterBytes } from "../../crypto/roster.ts";
import { count, hexOf, parseJson, parseShape, textUpTo, z } from "../../crypto/shape.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import type { Invite } from "../ports.ts";
import type { Context } from "./context.ts";

const setupSecretBytes = 16;

function secretHashOf(secret: Uint8Array): Uint8Array {
  return hash(32, null, "th1/setup", secret);
}

/** A new set-up secret; the one before stops working. @throws PortalError "refused" once a roster is signed */
export async function issueSetupSecret(context: Pick<Context, "store" | "book">): Promise<Uint8Array> {
  if (context.book.chain !== null) throw new PortalError("refused", "the portal is set up already");
  const secret = randomBytes(setupSecretBytes);
  await context.store.putSetupSecretHash(secretHashOf(secret));
  return secret;
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * Charter and rosters change one after the other: a charter registered while the first roster of
 * another is being stored would leave a portal that does not start again.
 */
function inTurn(act: () => Promise<void>): Promise<void> {
  const mine = turn.then(act, act);
  turn = mine.catch(() => undefined);
  return mine;
}

/** Registers charter and office key, again and again until a roster is signed. @throws PortalError "refused" */
export function registerPortal(
  context: Context,
  secret: Uint8Array,
  charterKey: Uint8Array,
  officeKey: Uint8Array,
): Promise<void> {
  return inTurn(() => registerInTurn(context, secret, charterKey, officeKey));
}

async function registerInTurn(
  context: Context,
  secret: Uint8Array,
  charterKey: Uint8Array,
  officeKey: Uint8Array,
): Promise<void> {
  const expected = await context.store.findSetupSecretHash();
  if (context.book.chain !== null || expected === null || !equal(expected, secretHashOf(secret)))
    throw new PortalError("refused", "set-up is not open with this link");
  const outcome = await context.store.putPortal({ portalId: portalIdOf(charterKey), charterKey, officeKey });
  if (outcome === "refused") throw new PortalError("refused", "the portal is set up already");
  await context.book.reload();
}

const inviteShape = z.strictObject({
  id: hexOf(16),
  name: textUpTo(120).check(z.minLength(1)),
  title: textUpTo(120),
  roles: z.array(z.enum(roles)).check(z.minLength(1)),
});

export async function invite(context: Context, body: unknown): Promise<void> {
  const wanted: Invite = { ...parseShape(inviteShape, body, "invite"), join: null };
  if ((await context.store.putInvite(wanted)) === "conflict")
    throw new PortalError("conflict", "invite exists already");
}

/** Keeps the first join that is well-formed and self-signed; the charter holder checks the rest. */
export async function join(context: Context, inviteId: string, bytes: Uint8Array): Promise<void> {
  const portal = context.book.portal;
  if (portal === null) throw new PortalError("closed", "set-up has not begun");
  checkJoin(bytes, portal.portalId);
  const outcome = await context.store.joinInvite(inviteId, bytes);
  if (outcome === "missing") throw new PortalError("missing", "no such invite");
  if (outcome === "conflict") throw new PortalError("conflict", "somebody joined with this link already");
}

/** Appends the next roster after verifying it as every client will. @throws PortalError "forged" | "format" | "superseded" */
export function appendRoster(context: Context, signed: SignedRosterBytes): Promise<void> {
  return inTurn(() => appendInTurn(context, signed));
}

async function appendInTurn(context: Context, signed: SignedRosterBytes): Promise<void> {
  const { portal, chain } = context.book;
  if (portal === null) throw new PortalError("closed", "set-up has not begun");
  if (claimedEpoch(signed.bytes) <= (chain?.current.epoch ?? 0))
    throw new PortalError("superseded", "another roster came first");
  const roster = openRoster(signed, portal.charterKey, chain?.current ?? null);
  const ours =
    equal(fromBase64(roster.logKey), context.keys.log.publicKey) &&
    equal(fromBase64(roster.officeKey), portal.officeKey);
  if (!ours || !equal(fromHex(roster.portalId), portal.portalId))
    throw new PortalError("forged", "the roster names keys that are not this server's");
  await context.book.change(async () => {
    const outcome = await context.store.appendRoster({
      epoch: roster.epoch,
      bytes: signed.bytes,
      signature: signed.signature,
    });
    if (outcome === "conflict") throw new PortalError("superseded", "another roster came first");
  });
}

/** What the bytes say before they are verified: only to tell a late roster from a forged one. */
function claimedEpoch(bytes: Uint8Array): number {
  return parseJson(z.object({ epoch: count }), bytes, "roster").epoch;
}
