/**
 * What has to come back on the page after a redirect: typed text with its errors, an open mailbox.
 * In memory only, at most five minutes, sealed under a token that this process does not keep.
 */
import type { ServerResponse } from "node:http";
import { deserialize, serialize } from "node:v8";
import { fromBase64Url, toBase64Url, toHex } from "../../crypto/bytes.ts";
import { hash } from "../../crypto/hash.ts";
import { decryptX, encryptX, randomBytes, wipe } from "../../crypto/sodium.ts";
import type { Clock } from "../ports.ts";

export const heldMinutes = 5;
const heldMs = heldMinutes * 60_000;
const tokenBytes = 32;
// A token seals once, so its key encrypts one message only.
const onlyNonce = new Uint8Array(24);
const noAd = new Uint8Array();

interface Entry {
  sealed: Uint8Array;
  /** Milliseconds on the clock. */
  until: number;
  timer: NodeJS.Timeout;
}

export class Held {
  readonly #clock: Pick<Clock, "now">;
  readonly #mostBytes: number;
  /** By hash of the token, oldest first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /** `mostBytes`: ciphertext of all entries together. */
  constructor(clock: Pick<Clock, "now">, mostBytes: number) {
    this.#clock = clock;
    this.#mostBytes = mostBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Seals and wipes `plain`; answers the token (base64url) that takes it out again. Where there is
   * no room the largest go, of equals the oldest: who floods it loses their own, and what a person
   * typed by hand is small.
   */
  put(plain: Uint8Array): string {
    const token = randomBytes(tokenBytes);
    const key = keyOf(token);
    const sealed = encryptX(plain, onlyNonce, noAd, key);
    wipe(plain, key);
    this.#add(idOf(token), sealed, heldMs);
    while (this.#bytes > this.#mostBytes) this.#remove(this.#largest());
    return toBase64Url(token);
  }

  /** What was put under this token, once; null when it is unknown, used or too old. The caller wipes it. */
  take(text: string): Uint8Array | null {
    const taken = this.#takeSealed(text);
    if (taken === null) return null;
    wipe(taken.sealed);
    return taken.plain;
  }

  /** The same for a page: where its answer breaks off, it can be fetched again for the rest of its time. */
  lend(text: string, answer: ServerResponse): Uint8Array | null {
    const taken = this.#takeSealed(text);
    if (taken === null) return null;
    const { id, sealed, until } = taken;
    answer.once("close", () => {
      const left = until - this.#clock.now();
      if (answer.writableFinished || left <= 0) wipe(sealed);
      else this.#add(id, sealed, left);
    });
    return taken.plain;
  }

  #takeSealed(text: string): { id: string; plain: Uint8Array; sealed: Uint8Array; until: number } | null {
    const token = parseToken(text);
    if (token === null) return null;
    const id = idOf(token);
    const entry = this.#entries.get(id);
    if (entry === undefined) return null;
    const key = keyOf(token);
    const { until } = entry;
    try {
      if (until <= this.#clock.now()) return null;
      const sealed = entry.sealed.slice();
      return { id, plain: decryptX(sealed, onlyNonce, noAd, key), sealed, until };
    } finally {
      wipe(key, token);
      this.#remove(id);
    }
  }

  forget(text: string): void {
    const token = parseToken(text);
    if (token !== null) this.#remove(idOf(token));
  }

  #add(id: string, sealed: Uint8Array, ms: number): void {
    const timer = setTimeout(() => this.#remove(id), ms);
    timer.unref();
    this.#entries.set(id, { sealed, until: this.#clock.now() + ms, timer });
    this.#bytes += sealed.length;
  }

  #largest(): string {
    let [largest, most] = ["", -1];
    for (const [id, { sealed }] of this.#entries) if (sealed.length > most) [largest, most] = [id, sealed.length];
    return largest;
  }

  #remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    this.#entries.delete(id);
    this.#bytes -= entry.sealed.length;
    wipe(entry.sealed);
  }
}

/** Text as it is: in JSON a stranger's control characters would take six times their room. */
export function formatHeld(value: unknown): Uint8Array {
  return serialize(value);
}

/** Only of bytes that formatHeld made and Held gave back. */
export function parseHeld(bytes: Uint8Array): unknown {
  return deserialize(bytes);
}

function parseToken(text: string): Uint8Array | null {
  try {
    return fromBase64Url(text, tokenBytes);
  } catch {
    return null;
  }
}

function idOf(token: Uint8Array): string {
  return toHex(hash(32, null, "assisted/id", token));
}

function keyOf(token: Uint8Array): Uint8Array {
  return hash(32, token, "assisted/key");
}
