/** Acts on a beat: the feed, and housekeeping. */
import type { Clock } from "../ports.ts";

/** Longer waits overflow Node's timer, which then fires at once. */
const longestWaitMs = 2 ** 31 - 1;

/**
 * Runs on the clock's own multiples of `ms`, so that a restart does not shift the feed's rhythm.
 * Timers and the clock do not run alike: who wakes before the beat waits for the rest of it, and
 * a clock that was set back begins a new count.
 */
export function every(ms: number, clock: Clock, act: () => Promise<void>, log: (line: string) => void): () => void {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const wait = (beat: number): void => {
    const left = beat - clock.now();
    timer = setTimeout(() => wake(beat), Math.min(left, longestWaitMs));
    timer.unref();
  };
  const wake = (beat: number): void => {
    const left = beat - clock.now();
    if (left > 0 && left <= ms) {
      wait(beat);
      return;
    }
    if (left <= 0)
      act().catch((error: unknown) => {
        // What was under way when the stores closed is no fault.
        if (!stopped) log(`fault: ${error instanceof Error ? error.name : "unknown"} in a timed act`);
      });
    wait(nextBeat());
  };
  const nextBeat = (): number => (Math.floor(clock.now() / ms) + 1) * ms;
  wait(nextBeat());
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
