/** The log as this browser knows it: looked at with every list, kept sealed in a record of its own. PROTOCOL.md §18, §20. */
import { equal } from "../../../crypto/bytes.ts";
import type { Desk } from "../client/held-cases.ts";
import { cacheName, openFromCache, sealForCache } from "../client/key-cache.ts";
import {
  formatLogMemory,
  joinMemories,
  lookAtLog,
  nothingKnown,
  parseLogMemory,
  type LogMemory,
} from "../client/log.ts";
import { findRecord, putRecord } from "./cache-store.ts";
import type { LogView } from "./keyholder-api.ts";

const purpose = "log";

/** Where a device keeps records; tests bring another than the browser's. */
export interface Records {
  find(name: string): Promise<Uint8Array | null>;
  put(name: string, bytes: Uint8Array): Promise<void>;
}

const inBrowser: Records = { find: findRecord, put: putRecord };

/**
 * Compares the portal's log with what is known of it here and in the member's other windows, and remembers it.
 * What was seen to be wrong stays so on this device, whatever is shown afterwards.
 */
export async function followLog(desk: Desk, records: Records = inBrowser): Promise<LogView> {
  const { chain, secrets } = desk.session;
  const keys = { cache: secrets.cache, portalId: chain.portalId };
  const name = cacheName(keys, purpose);
  const sealed = await records.find(name);
  const kept = sealed === null ? nothingKnown : orNothing(() => parseLogMemory(openFromCache(sealed, keys, purpose)));
  const { state, memory } = await lookAtLog(desk.session, joinMemories(desk.log, kept, chain));
  desk.log = memory;
  const bytes = formatLogMemory(memory);
  if (!equal(bytes, formatLogMemory(kept))) await records.put(name, sealForCache(bytes, keys, purpose));
  return { state, notes: state === "rewritten" ? [memory.known ?? "", memory.against ?? ""] : [] };
}

/** A record that does not open is none of this member's. */
function orNothing(read: () => LogMemory): LogMemory {
  try {
    return read();
  } catch {
    return nothingKnown;
  }
}
