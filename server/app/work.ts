/**
 * Proof of work in front of intake: a challenge costs no memory, a pass (a solved challenge) is good
 * for one envelope id, and only spent passes are remembered, for as long as they would be good.
 * Nobody's address is looked at. docs/decisions/0005-work.md has the reasons and figures.
 */
import { createChallenge, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";
import { fromBase64Url, fromUtf8, toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { count, hexOf, parseShape, z } from "../../crypto/shape.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import type { Clock } from "../ports.ts";

const algorithm = "PBKDF2/SHA-256";
/** PBKDF2 rounds for one try: about 0.4 ms, far above what starting a try costs a browser. */
const rounds = 2000;
/** Seconds for which a challenge, solved or not, is good. */
export const passLifeSeconds = 30 * 60;
/** About 10 MB. When so many are spent within a pass's life, all that were issued end. */
const mostSpent = 50_000;
/** One report and the reservation for its files, and as many tries again as a bad connection takes. */
const mostUses = 8;
const longestPass = 2000;

/** New envelope ids with a pass per minute up to which nothing gets harder, in `windows` of ten seconds. */
const calmPerMinute = 60;
const windowSeconds = 10;
const windows = 6;
/** At most so many times the usual cost: an old phone must still get there. */
const hardest = 4;
/** The clock may be set back so far without ending what was issued. */
const clockSlackSeconds = 5;

const bytes16 = hexOf(16);
const bytes32 = hexOf(32);
const passShape = z.strictObject({
  challenge: z.strictObject({
    parameters: z.strictObject({
      algorithm: z.enum([algorithm]),
      cost: count,
      data: z.strictObject({ most: count, until: count }),
      keyLength: z.literal(32),
      keyPrefix: bytes16,
      keySignature: bytes32,
      nonce: bytes16,
      salt: bytes16,
    }),
    signature: bytes32,
  }),
  solution: z.strictObject({ counter: count, derivedKey: bytes32 }),
});

/** What the client gets; `challenge` null: this portal asks for no work. */
export interface Task {
  challenge: Awaited<ReturnType<typeof createChallenge>> | null;
  lifeSeconds: number;
}

/** A challenge of ours, rightly solved, not too old; perhaps spent. */
export interface Pass {
  id: string;
  /** Seconds on the clock. */
  until: number;
  /** Under which secret it was verified. */
  generation: number;
}

interface Spent {
  envId: string;
  until: number;
  uses: number;
}

export class WorkDesk {
  readonly #clock: Pick<Clock, "now">;
  /** Tries at most for one pass while it is calm, half of them on average; 0: no work is asked. */
  readonly #cost: number;
  readonly #mostSpent: number;
  #secret = newSecret();
  #generation = 0;
  readonly #spent = new Map<string, Spent>();
  #latest: number;
  /** Passes spent for the first time, by window, newest last. */
  #rates: { window: number; spent: number }[] = [];

  constructor(clock: Pick<Clock, "now">, cost: number, most = mostSpent) {
    this.#clock = clock;
    this.#cost = cost;
    this.#mostSpent = most;
    this.#latest = this.#seconds();
  }

  get asks(): boolean {
    return this.#cost > 0;
  }

  /** Spent passes that are remembered. */
  get size(): number {
    return this.#spent.size;
  }

  /** More comes in than on any ordinary day. */
  get underLoad(): boolean {
    return this.hardness() > 1;
  }

  /** How many times harder than usual a challenge is now: 1, 2 or 4. */
  hardness(): number {
    const oldest = Math.floor(this.#now() / windowSeconds) - windows;
    this.#rates = this.#rates.filter(({ window }) => window > oldest);
    const perMinute = this.#rates.reduce((sum, { spent }) => sum + spent, 0);
    let times = 1;
    while (times < hardest && perMinute > calmPerMinute * times) times *= 2;
    return times;
  }

  async issue(): Promise<Task> {
    if (!this.asks) return { challenge: null, lifeSeconds: passLifeSeconds };
    const until = this.#now() + passLifeSeconds;
    const most = this.#cost * this.hardness();
    const challenge = await createChallenge({
      algorithm,
      cost: rounds,
      counter: randomBelow(most),
      data: { most, until },
      deriveKey,
      hmacSignatureSecret: this.#secret,
      hmacKeySignatureSecret: `${this.#secret} key`,
    });
    return { challenge, lifeSeconds: passLifeSeconds };
  }

  /** Two or three hashes, whatever was sent. Null: not a pass, not one of ours, or too old. */
  async verify(header: string | undefined): Promise<Pass | null> {
    if (header === undefined || header.length > longestPass) return null;
    const now = this.#now();
    const generation = this.#generation;
    const secret = this.#secret;
    const given = readPass(header);
    if (given === null) return null;
    const { nonce, data } = given.challenge.parameters;
    if (data.until < now || data.until > now + passLifeSeconds + clockSlackSeconds) return null;
    const { verified } = await verifySolution({
      ...given,
      deriveKey,
      hmacSignatureSecret: secret,
      hmacKeySignatureSecret: `${secret} key`,
    });
    return verified ? { id: compact(nonce), until: data.until, generation } : null;
  }

  /** At once, so that of two that race one wins. @throws PortalError "work": the client fetches and solves another */
  spend(pass: Pass | null, envId: Uint8Array): void {
    if (!this.asks) return;
    const now = this.#now();
    if (pass === null || pass.generation !== this.#generation || pass.until < now)
      throw new PortalError("work", "no pass, or one that is too old");
    const known = this.#spent.get(pass.id);
    if (known === undefined) {
      this.#remember(pass, Buffer.from(envId).toString("latin1"), now);
      return;
    }
    if (known.envId !== Buffer.from(envId).toString("latin1") || known.uses >= mostUses)
      throw new PortalError("work", "the pass was spent for something else");
    known.uses += 1;
  }

  #remember({ id, until }: Pass, envId: string, now: number): void {
    // They stand nearly in order of expiry; what is over stands in front.
    for (const [name, spent] of this.#spent) {
      if (spent.until >= now) break;
      this.#spent.delete(name);
    }
    if (this.#spent.size >= this.#mostSpent) {
      this.#rotate();
      throw new PortalError("work", "everything issued so far has ended");
    }
    this.#spent.set(id, { envId, until, uses: 1 });
    const window = Math.floor(now / windowSeconds);
    const last = this.#rates.at(-1);
    if (last?.window === window) last.spent += 1;
    else this.#rates.push({ window, spent: 1 });
  }

  /** Nothing that was issued before is good any more, so nothing that was spent need be remembered. */
  #rotate(): void {
    this.#secret = newSecret();
    this.#generation += 1;
    this.#spent.clear();
  }

  /** A clock that was set back would bring passes to life again whose spending was forgotten. */
  #now(): number {
    const now = this.#seconds();
    if (now < this.#latest - clockSlackSeconds) {
      this.#rotate();
      this.#rates = [];
      this.#latest = now;
    }
    this.#latest = Math.max(this.#latest, now);
    return now;
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}

/** Sixteen characters in one piece: what a text was put together from would stay in memory with it. */
function compact(hex: string): string {
  return Buffer.from(hex, "hex").toString("latin1");
}

function newSecret(): string {
  return toHex(randomBytes(32));
}

/** 0 to most - 1, every one as likely as far as 2^32 allows. */
function randomBelow(most: number): number {
  return new DataView(randomBytes(4).buffer).getUint32(0) % most;
}

function readPass(header: string): z.infer<typeof passShape> | null {
  try {
    return parseShape(passShape, JSON.parse(fromUtf8(fromBase64Url(header))), "pass");
  } catch {
    return null;
  }
}
