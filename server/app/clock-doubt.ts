/**
 * A clock that runs ahead (a flat battery, a wrong year) would delete at once what readers dated for later,
 * and nothing brings that back. So a jump that no switched-off portal explains is waited out first.
 */
import type { Context } from "./context.ts";

/** Days that a portal may have been off, or a backup with its keyring may be old, without a doubt. */
const daysOff = 45;
/** Milliseconds of running that somebody has to notice and mend it. */
const waitMs = 24 * 60 * 60 * 1000;

export class ClockDoubt {
  readonly #steady: () => number;
  /** When the jump was seen, and the newest day before it. */
  #doubted: { at: number; from: number } | null = null;

  /** `steady`: milliseconds that pass as real time does, whatever the clock is set to. */
  constructor(steady: () => number) {
    this.#steady = steady;
  }

  /** Whether what only a day brings about may be done. */
  async believes({ store, clock, settings }: Context): Promise<boolean> {
    // What was filed since stands in the log under the doubted day: the day before it counts.
    const from = this.#doubted?.from ?? (await store.newestLogDay());
    const most = Math.max(daysOff, settings.keyringBackupDays + 1);
    if (from === null || clock.today() - from <= most) {
      this.#doubted = null;
      return true;
    }
    this.#doubted ??= { at: this.#steady(), from };
    return this.#steady() - this.#doubted.at >= waitMs;
  }
}
