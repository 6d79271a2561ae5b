/** Console sessions: bearer tokens in memory, checked against the current roster at every request. */
import { equal, toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { hash } from "../../crypto/hash.ts";
import { charterMemberId, verifyLogin } from "../../crypto/login.ts";
import { findMember, type Member } from "../../crypto/roster.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import type { Context } from "./context.ts";
import type { Nonces } from "./nonces.ts";

const idleMs = 30 * 60 * 1000;
const mostSessions = 10_000;
/** Of one member: whoever signs in again and again signs out nobody but themselves. */
const mostOfOne = 20;

/** Who is signed in: a roster member, or the charter holder (invites and rosters only). */
export type SignedIn = { is: "member"; member: Member } | { is: "charter" };

interface Session {
  memberId: number;
  /** The login key it was opened with: a member whose key was replaced is signed out. */
  key: Uint8Array;
  lastUsed: number;
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #context: Context;
  readonly #nonces: Nonces;

  constructor(context: Context, nonces: Nonces) {
    this.#context = context;
    this.#nonces = nonces;
  }

  #loginKey(memberId: number): Uint8Array | null {
    const { portal, chain } = this.#context.book;
    if (memberId === charterMemberId) return portal?.officeKey ?? null;
    return chain === null ? null : (findMember(chain.current, memberId)?.keys.login ?? null);
  }

  /** Answers a bearer token. Unknown member and wrong signature answer the same. @throws PortalError "refused" */
  signIn(memberId: number, nonce: Uint8Array, signature: Uint8Array): Uint8Array {
    const key = this.#loginKey(memberId);
    const portalId = this.#context.book.portal?.portalId;
    if (key === null || portalId === undefined) throw new PortalError("refused", "this key does not open the console");
    const challenge = { portalId, origin: this.#context.settings.consoleOrigin, nonce, memberId };
    try {
      verifyLogin(signature, key, challenge);
    } catch (cause) {
      throw new PortalError("refused", "this key does not open the console", { cause });
    }
    this.#nonces.spend(nonce);
    this.#forget(memberId);
    const token = randomBytes(32);
    this.#sessions.set(nameOf(token), { memberId, key, lastUsed: this.#context.clock.now() });
    return token;
  }

  signOut(token: Uint8Array): void {
    this.#sessions.delete(nameOf(token));
  }

  /** @throws PortalError "refused" when the session is over or the roster no longer has this member or key */
  require(token: Uint8Array): SignedIn {
    const session = this.#find(token);
    if (session === null) {
      this.#sessions.delete(nameOf(token));
      throw new PortalError("refused", "the session is over");
    }
    session.lastUsed = this.#context.clock.now();
    if (session.memberId === charterMemberId) return { is: "charter" };
    return { is: "member", member: findMember(this.#context.book.requireChain().current, session.memberId)! };
  }

  /** Whether the session still holds. Asking is no use of it: whoever only listens is idle. */
  holds(token: Uint8Array): boolean {
    return this.#find(token) !== null;
  }

  #find(token: Uint8Array): Session | null {
    const session = this.#sessions.get(nameOf(token));
    if (session === undefined || isIdle(session, this.#context.clock.now())) return null;
    const key = this.#loginKey(session.memberId);
    return key !== null && equal(key, session.key) ? session : null;
  }

  /** Drops what is idle; of too many, the oldest. */
  #forget(memberId: number): void {
    const now = this.#context.clock.now();
    const own = [...this.#sessions].filter(([, session]) => session.memberId === memberId);
    for (const [name] of own.slice(0, Math.max(0, own.length + 1 - mostOfOne))) this.#sessions.delete(name);
    for (const [name, session] of this.#sessions)
      if (isIdle(session, now) || this.#sessions.size >= mostSessions) this.#sessions.delete(name);
  }
}

/** A clock that was set back says nothing of how long somebody was away: then the session is over too. */
function isIdle({ lastUsed }: Session, now: number): boolean {
  return Math.abs(now - lastUsed) > idleMs;
}

/** Tokens are kept as hashes: a memory dump of the table opens nothing. */
function nameOf(token: Uint8Array): string {
  return toHex(hash(32, null, "th1/session", token));
}
