/** How long a transfer will still take, said calmly: a number that jumps helps nobody. */

/** Seconds over which the speed is averaged, and before which nothing is said. */
const memory = 20;
const leastSeen = 6;

export interface Estimate {
  /** `at`: seconds on any clock. Bytes that go back, or a pause, do not count as speed. */
  note(done: number, total: number, at: number): void;
  /** The clock stops: nothing moves until the next `note`. */
  rest(): void;
  /** Seconds left, in steps; null: too early to say. */
  left(): number | null;
}

/** Up: to full minutes, then five, then a quarter of an hour, then hours. */
function toStep(seconds: number): number {
  const minutes = seconds / 60;
  const step = minutes <= 10 ? 1 : minutes <= 60 ? 5 : minutes <= 240 ? 15 : 60;
  return Math.ceil(minutes / step) * step * 60;
}

export function makeEstimate(): Estimate {
  let last: { done: number; at: number } | null = null;
  let rate = 0;
  let seen = 0;
  let shown: number | null = null;
  return {
    note(done, total, at) {
      const before = last;
      last = { done, at };
      if (before === null || at <= before.at) return;
      const passed = at - before.at;
      const speed = Math.max(0, done - before.done) / passed;
      // The first seconds weigh as much as they last, later ones fade.
      seen += passed;
      const weight = Math.max(1 - Math.exp(-passed / memory), passed / seen);
      rate += (speed - rate) * Math.min(1, weight);
      if (seen < leastSeen || rate <= 0) return;
      const left = (total - done) / rate;
      const step = toStep(left);
      // Down as time passes; up only when it has become much worse.
      if (shown === null || step < shown || left > shown * 1.4) shown = step;
    },
    rest() {
      last = null;
    },
    left: () => shown,
  };
}
