/**
 * What has to come back on the page after a redirect: typed text with its errors, an open mailbox.
 * In memory only, at most five minutes, sealed under a token that this process does not keep.
 */
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
   * no room the oldest go: browsers follow a redirect at once, so those are the abandoned ones.
   */
  put(plain: Uint8Array): string {
    const token = randomBytes(tokenBytes);
    const key = keyOf(token);
    const sealed = encryptX(plain, onlyNonce, noAd, key);
    wipe(plain, key);
    const id = idOf(token);
    const timer = setTimeout(() => this.#remove(id), heldMs);
    timer.unref();
    this.#entries.set(id, { sealed, until: this.#clock.now() + heldMs, timer });
    this.#bytes += sealed.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#mostBytes || oldest === id) break;
      this.#remove(oldest);
    }
    return toBase64Url(token);
  }

  /** What was put under this token, once; null when it is unknown, used or too old. The caller wipes it. */
  take(text: string): Uint8Array | null {
    const token = parseToken(text);
    if (token === null) return null;
    const id = idOf(token);
    const entry = this.#entries.get(id);
    if (entry === undefined) return null;
    const key = keyOf(token);
    try {
      return entry.until > this.#clock.now() ? decryptX(entry.sealed, onlyNonce, noAd, key) : null;
    } finally {
      wipe(key, token);
      this.#remove(id);
    }
  }

  forget(text: string): void {
    const token = parseToken(text);
    if (token !== null) this.#remove(idOf(token));
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
