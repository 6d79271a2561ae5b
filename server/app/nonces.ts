/** Challenges that cost no memory until they are answered rightly. */
import { concat, equal, Reader, toHex, u32le } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { hash } from "../../crypto/hash.ts";
import { nonceBytes } from "../../crypto/mailbox.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import type { Clock } from "../ports.ts";

const lifeSeconds = 60;
const mostSpent = 100_000;
const macBytes = 16;

/**
 * nonce = random 12 ‖ u32le expiry (seconds) ‖ MAC 16 under a key that lives in this process. Only
 * nonces spent with a valid signature are remembered, for as long as they would be valid.
 */
export class Nonces {
  readonly #key = randomBytes(32);
  readonly #spent = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  issue(): Uint8Array {
    const head = concat(randomBytes(nonceBytes - 4 - macBytes), u32le(this.#seconds() + lifeSeconds));
    return concat(head, hash(macBytes, this.#key, "th1/nonce", head));
  }

  /** Call after the signature over it was verified. @throws PortalError "refused" when unknown, late or spent; "busy" */
  spend(nonce: Uint8Array): void {
    const head = nonce.subarray(0, nonceBytes - macBytes);
    const reader = new Reader(nonce);
    reader.take(nonceBytes - 4 - macBytes);
    const expiry = reader.u32le();
    const now = this.#seconds();
    if (
      !equal(nonce.subarray(nonceBytes - macBytes), hash(macBytes, this.#key, "th1/nonce", head)) ||
      isOver(expiry, now)
    )
      throw new PortalError("refused", "the challenge is unknown or too old");
    this.#forget(now);
    const name = toHex(nonce);
    if (this.#spent.has(name)) throw new PortalError("refused", "the challenge was used already");
    if (this.#spent.size >= mostSpent) throw new PortalError("busy", "too many requests at once");
    this.#spent.set(name, expiry);
  }

  /** Entries stand nearly in order of expiry; what is over stands in front. */
  #forget(now: number): void {
    for (const [name, expiry] of this.#spent) {
      if (!isOver(expiry, now)) return;
      this.#spent.delete(name);
    }
  }
}

/** Also when the clock was set back since it was issued: it would be good, and remembered, for too long. */
function isOver(expiry: number, now: number): boolean {
  return expiry < now || expiry > now + 2 * lifeSeconds;
}
