/**
 * Over HTTP/1.1 a browser opens six connections to one server, for all its windows together. Streams
 * that never end may take three of them; a fourth window waits for a place, and looks by itself meanwhile.
 */

import { randomBytes } from "../../../crypto/sodium.ts";

const places = 3;
const nameOf = (place: number): string => `tellhaven-beats-${place}`;

/** Does the work while it holds a place. Without locks (no secure context) there is nothing to wait for. */
export async function withBeatPlace(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks === undefined) return work();
  for (let place = 0; place < places; place++) {
    const took = await locks.request(nameOf(place), { ifAvailable: true }, async (lock) => {
      if (lock !== null) await work();
      return lock !== null;
    });
    if (took) return;
  }
  await locks.request(nameOf(randomBytes(1)[0]! % places), { signal }, work).catch(() => {});
}
