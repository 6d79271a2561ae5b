/** Locks when nobody has done anything for a while. Counts by the clock, so that a laptop's sleep counts too. */

const checkMs = 5_000;

export interface IdleLock {
  /** Somebody did something. */
  touch(): void;
  /** While work runs that a person waits for (a long download), nothing locks. */
  busy<T>(work: Promise<T>): Promise<T>;
  stop(): void;
}

export function startIdleLock(minutes: number, lock: () => void, now: () => number = Date.now): IdleLock {
  let last = now();
  let running = 0;
  const timer = setInterval(() => {
    if (running > 0 || now() - last < minutes * 60_000) return;
    clearInterval(timer);
    lock();
  }, checkMs);
  return {
    touch() {
      last = now();
    },
    async busy(work) {
      running += 1;
      try {
        return await work;
      } finally {
        running -= 1;
        last = now();
      }
    },
    stop() {
      clearInterval(timer);
    },
  };
}
