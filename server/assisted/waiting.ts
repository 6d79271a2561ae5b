/**
 * The answer without scripts to what scripts answer by computing: time. The form carries a ticket that
 * says when it was opened; sending is held until the ticket is old enough. Who really writes never
 * notices. Nothing is stored for a ticket before it is used, and no ticket at all is no error: it
 * counts as opened now.
 */
import { concat, equal, fromBase64Url, Reader, toBase64Url, u32le } from "../../crypto/bytes.ts";
import { hash } from "../../crypto/hash.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import type { Clock } from "../ports.ts";

/** Seconds between opening the form and its being stored, at least. */
export const leastSeconds = 20;
/** A ticket older than this counts as opened now. People write for hours. */
const lifeSeconds = 24 * 60 * 60;
/** Who wrote for longer is not before others who did: old tickets cannot be gathered for a rush. */
const creditSeconds = 5 * 60;
/** Requests that are held at one time for want of age. */
const mostHeld = 500;
/** About 4 MB. When so many were used within their life, all tickets count as opened now. */
const mostSpent = 20_000;
const idBytes = 8;
const macBytes = 16;

/** The portal has no place for one more who waits; the text is kept. */
export class WaitLonger extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super("too many are waiting");
    this.name = "WaitLonger";
    this.seconds = seconds;
  }
}

/** Somebody whose time has come. */
export interface Turn {
  /** Smaller goes first. */
  order: number;
  /** `used`: the ticket has done what it is for; otherwise it stays as it is, for another try. */
  end(used: boolean): void;
}

interface Ticket {
  id: string;
  /** Seconds on the clock. */
  opened: number;
}

export class Waiting {
  readonly #clock: Pick<Clock, "now">;
  readonly #leastSeconds: number;
  readonly #mostHeld: number;
  readonly #mostSpent: number;
  #key = randomBytes(32);
  /** Tickets in use (null) or used, with the second until which they would be good. */
  readonly #spent = new Map<string, number | null>();
  #held = 0;

  constructor(
    clock: Pick<Clock, "now">,
    bounds: { leastSeconds?: number; mostHeld?: number; mostSpent?: number } = {},
  ) {
    this.#clock = clock;
    this.#leastSeconds = bounds.leastSeconds ?? leastSeconds;
    this.#mostHeld = bounds.mostHeld ?? mostHeld;
    this.#mostSpent = bounds.mostSpent ?? mostSpent;
  }

  get held(): number {
    return this.#held;
  }

  get size(): number {
    return this.#spent.size;
  }

  /** random 8 ‖ u32 second ‖ MAC 16, base64url. */
  issue(): string {
    const head = concat(randomBytes(idBytes), u32le(this.#seconds()));
    return toBase64Url(concat(head, hash(macBytes, this.#key, "assisted/ticket", head)));
  }

  /** Resolves when the ticket is old enough. @throws WaitLonger */
  async hold(text: string): Promise<Turn> {
    const now = this.#seconds();
    const ticket = this.#read(text, now);
    const free = ticket !== null && !this.#spent.has(ticket.id);
    const opened = free ? ticket.opened : now;
    if (free) this.#mark(ticket.id, null, now);
    const end = (used: boolean): void => {
      if (!free) return;
      if (used) this.#mark(ticket.id, ticket.opened + lifeSeconds, now);
      else if (this.#spent.get(ticket.id) === null) this.#spent.delete(ticket.id);
    };
    const wait = this.#leastSeconds - (now - opened);
    if (wait > 0) {
      if (this.#held >= this.#mostHeld) {
        end(false);
        throw new WaitLonger(this.#leastSeconds);
      }
      this.#held += 1;
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      this.#held -= 1;
    }
    return { order: Math.max(opened, now - creditSeconds), end };
  }

  #read(text: string, now: number): Ticket | null {
    let bytes: Uint8Array;
    try {
      bytes = fromBase64Url(text, idBytes + 4 + macBytes);
    } catch {
      return null;
    }
    const head = bytes.subarray(0, idBytes + 4);
    if (!equal(bytes.subarray(idBytes + 4), hash(macBytes, this.#key, "assisted/ticket", head))) return null;
    const reader = new Reader(head);
    const id = Buffer.from(reader.take(idBytes)).toString("latin1");
    const opened = reader.u32le();
    return opened > now || opened < now - lifeSeconds ? null : { id, opened };
  }

  #mark(id: string, until: number | null, now: number): void {
    for (const [name, over] of this.#spent) {
      if (over === null || over >= now) break;
      this.#spent.delete(name);
    }
    if (this.#spent.size >= this.#mostSpent) {
      this.#key = randomBytes(32);
      this.#spent.clear();
    }
    this.#spent.set(id, until);
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}
