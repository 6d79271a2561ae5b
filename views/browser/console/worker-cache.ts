/** The member's key cache: read at sign-in, written when the list taught something new. PROTOCOL.md §20. */
import { toHex } from "../../../crypto/bytes.ts";
import { hash } from "../../../crypto/hash.ts";
import type { Desk } from "../client/held-cases.ts";
import { cacheName, formatKept, openFromCache, parseKept, sealForCache, type CacheKeys } from "../client/key-cache.ts";
import { dropRecord, findRecord, putRecord } from "./cache-store.ts";

const purpose = "keys";

const keysOf = ({ session }: Desk): CacheKeys => ({ cache: session.secrets.cache, portalId: session.chain.portalId });

export class KeyCache {
  /** Of what was kept last: the same again is not written. */
  #kept = "";

  /** Takes over what this browser kept; anything that does not open is thrown away. */
  async restore(desk: Desk): Promise<void> {
    const name = cacheName(keysOf(desk), purpose);
    const sealed = await findRecord(name);
    if (sealed === null) return;
    try {
      const bytes = openFromCache(sealed, keysOf(desk), purpose);
      Object.assign(desk, parseKept(bytes));
      this.#kept = digestOf(bytes);
    } catch {
      await dropRecord(name);
    }
  }

  async keep(desk: Desk): Promise<void> {
    const bytes = formatKept(desk);
    const digest = digestOf(bytes);
    if (digest === this.#kept) return;
    this.#kept = digest;
    await putRecord(cacheName(keysOf(desk), purpose), sealForCache(bytes, keysOf(desk), purpose));
  }
}

const digestOf = (bytes: Uint8Array): string => toHex(hash(16, null, "th1/cache", bytes));
