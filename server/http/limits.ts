/**
 * Limits that slow a flood down without closing intake. Over Tor all people share one address:
 * pages and the mailbox wait a moment beyond the limit instead of being refused, and who brings a
 * pass (proof of work) is not counted. No address is kept: the key is a hash under a secret that
 * is forgotten every hour.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { ipKeyGenerator, rateLimit, type ClientRateLimitInfo, type Store } from "express-rate-limit";
import type { Rates } from "../config.ts";
import type { SiteDeps } from "./deps.ts";
import { answerError } from "./errors.ts";

const windowMs = 60_000;
const secretLifeMs = 60 * 60 * 1000;
/** Clients counted at one time, for each limit: about 2 MB. */
export const maxClients = 10_000;
/** Milliseconds that a request beyond a slowing limit waits: a hundred bots become a hundred requests a second. */
const slowMs = 1000;
/** Requests that wait at one time, in each app; beyond that they are refused. */
const mostSlowed = 1000;
/** Key in `res.locals` of a verified pass, or null; see app/work.ts. */
export const hasPass = "pass";

/** Turns addresses into keys that nobody can turn back once the hour is over. */
export class AddressHasher {
  readonly #now: () => number;
  #secret = randomBytes(32);
  #madeAt: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#madeAt = now();
  }

  /** IPv6 clients are one per /56 network: each of them owns all addresses in it. */
  keyOf(address: string): string {
    return this.hash(ipKeyGenerator(address));
  }

  hash(text: string): string {
    if (Math.abs(this.#now() - this.#madeAt) >= secretLifeMs) {
      this.#secret = randomBytes(32);
      this.#madeAt = this.#now();
    }
    return createHmac("sha256", this.#secret).update(text).digest("base64url");
  }
}

/** Counts per key in memory. When it is full the oldest client is forgotten: memory stays bounded, intake open. */
export class BoundedStore implements Store {
  readonly localKeys = true;
  readonly #hits = new Map<string, { totalHits: number; resetTime: Date }>();
  readonly #now: () => number;
  readonly #maxClients: number;

  constructor(now: () => number, clients = maxClients) {
    this.#now = now;
    this.#maxClients = clients;
  }

  get size(): number {
    return this.#hits.size;
  }

  keys(): string[] {
    return [...this.#hits.keys()];
  }

  increment(key: string): ClientRateLimitInfo {
    const now = this.#now();
    const known = this.#hits.get(key);
    if (known !== undefined && isCurrent(known.resetTime, now)) {
      known.totalHits += 1;
      return { ...known };
    }
    this.#hits.delete(key);
    this.#forget(now);
    const fresh = { totalHits: 1, resetTime: new Date(now + windowMs) };
    this.#hits.set(key, fresh);
    return { ...fresh };
  }

  decrement(key: string): void {
    const known = this.#hits.get(key);
    if (known !== undefined && known.totalHits > 0) known.totalHits -= 1;
  }

  resetKey(key: string): void {
    this.#hits.delete(key);
  }

  /** The map is in order of window starts, so what is over stands in front. */
  #forget(now: number): void {
    for (const [key, { resetTime }] of this.#hits) {
      if (isCurrent(resetTime, now) && this.#hits.size < this.#maxClients) return;
      this.#hits.delete(key);
    }
  }
}

/** A window that ends later than any begun now can is from before the clock was set back: it would never end. */
function isCurrent(resetTime: Date, now: number): boolean {
  return resetTime.getTime() > now && resetTime.getTime() <= now + windowMs;
}

export type Limiters = Record<keyof Rates, RequestHandler>;

/**
 * One limiter for each kind of request, to be named in front of its routes:
 * `router.post("/reports", limits.reports, …)`. Answers 429 {"error":"limited"} with Retry-After.
 */
export function makeLimiters(deps: Pick<SiteDeps, "rates" | "now">): Limiters {
  const hasher = new AddressHasher(deps.now);
  let slowed = 0;
  const slowDown = (res: Response, next: NextFunction): void => {
    slowed += 1;
    const timer = setTimeout(go, slowMs);
    function go(): void {
      res.off("close", leave);
      slowed -= 1;
      next();
    }
    function leave(): void {
      clearTimeout(timer);
      slowed -= 1;
    }
    res.once("close", leave);
  };
  const limiter = (
    limit: number,
    { skipFailedRequests = false, slow = false, byTicket = false } = {},
  ): RequestHandler =>
    rateLimit({
      windowMs,
      limit,
      skipFailedRequests,
      store: new BoundedStore(deps.now),
      skip: (_req: Request, res: Response) => res.locals[hasPass] != null,
      keyGenerator: (req: Request) => {
        // Whoever sends an upload is known by its ticket: parts do not compete with their neighbours'.
        // Nowhere else: anybody can write a header, and would be somebody new with each request.
        const ticket = byTicket ? req.get("x-upload-ticket") : undefined;
        return ticket === undefined ? hasher.keyOf(req.ip ?? "unknown") : hasher.hash(ticket);
      },
      // "Remaining: 2,997" would tell everybody behind the same office network or Tor exit that
      // somebody else was here. The counters go out with a refusal only, where they say nothing.
      standardHeaders: false,
      legacyHeaders: false,
      // The library's self-checks print to the console, and a flood must not fill a log.
      validate: false,
      handler: (req, res, next) => {
        if (slow && slowed < mostSlowed) {
          slowDown(res, next);
          return;
        }
        // A form that was typed by hand is read all the same, so that its text can be given back.
        if (res.locals["keepsText"] === true) {
          res.locals["limited"] = true;
          next();
          return;
        }
        // Draft 6 of RateLimit header fields; draft 8 sends a key that is derived from the client.
        res.set("RateLimit-Policy", `${limit};w=${windowMs / 1000}`);
        res.set("RateLimit-Limit", String(limit));
        res.set("RateLimit-Remaining", "0");
        // The whole window, not the rest of it: the rest says when somebody else began.
        res.set("RateLimit-Reset", String(windowMs / 1000));
        res.set("Retry-After", String(windowMs / 1000));
        answerError(req, res, "limited");
      },
    });
  const { pages, setup, session, uploads, reports, mailbox } = deps.rates;
  return {
    pages: limiter(pages, { slow: true }),
    setup: limiter(setup),
    session: limiter(session),
    uploads: limiter(uploads, { skipFailedRequests: true, byTicket: true }),
    // What is refused stores nothing, and must not count: rubbish would close intake to everybody
    // behind the same address, over Tor to all.
    reports: limiter(reports, { skipFailedRequests: true }),
    mailbox: limiter(mailbox, { slow: true }),
  };
}
