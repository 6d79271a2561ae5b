/**
 * Live updates that say nothing: a line with the number of the newest tick when one was published,
 * and empty lines at a fixed rate. Every member gets the same bytes at the same moment.
 */

/** Windows of one member. */
const mostOfOne = 10;
const mostStreams = 1000;
/** Milliseconds between two empty lines. Clients take a stream that is silent for much longer for dead. */
export const keepAliveMs = 20_000;
/** The beat of a tick goes out at a whole multiple of this after the tick began. */
const roundMs = 1000;
/** Milliseconds in which writes to a trial become one beat. */
const soonMs = 200;

export interface BeatStream {
  memberId: number;
  /** Whether the session that opened it still holds. */
  holds(): boolean;
  /** False: what was written before was not taken yet. */
  write(line: string): boolean;
  end(): void;
}

export class Beats {
  /** Oldest first. */
  readonly #streams = new Set<BeatStream>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #soon = false;

  get size(): number {
    return this.#streams.size;
  }

  [Symbol.iterator](): Iterator<BeatStream> {
    return this.#streams.values();
  }

  /** Beyond the limits the oldest goes: of this member, or of all. */
  open(stream: BeatStream): void {
    const own = [...this.#streams].filter(({ memberId }) => memberId === stream.memberId);
    if (own.length >= mostOfOne) this.#end(own[0]!);
    const [oldest] = this.#streams;
    if (oldest !== undefined && this.#streams.size >= mostStreams) this.#end(oldest);
    this.#streams.add(stream);
  }

  /** Its connection is gone. */
  forget(stream: BeatStream): void {
    this.#streams.delete(stream);
  }

  /** Ends the streams of sessions that are over. */
  prune(): void {
    for (const stream of this.#streams) if (!stream.holds()) this.#end(stream);
  }

  beat(tick: number): void {
    this.#write(`${tick}\n`);
  }

  keepAlive(): void {
    this.#write("\n");
  }

  /**
   * For a tick that begins now: the answer tells of it later, at a whole second. Filler costs time
   * and waiting items do not, so the moment itself would say whether something was filed.
   */
  atWholeSecond(): (tick: number) => void {
    const began = performance.now();
    return (tick) => {
      const took = performance.now() - began;
      this.#after(Math.ceil((took + 1) / roundMs) * roundMs - took, () => this.beat(tick));
    };
  }

  /** For a trial, in which others see at once that something was written. */
  beatSoon(tick: number): void {
    if (this.#soon) return;
    this.#soon = true;
    this.#after(soonMs, () => {
      this.#soon = false;
      this.beat(tick);
    });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const stream of this.#streams) this.#end(stream);
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  #write(line: string): void {
    for (const stream of this.#streams) if (!stream.holds() || !stream.write(line)) this.#end(stream);
  }

  #end(stream: BeatStream): void {
    this.#streams.delete(stream);
    stream.end();
  }
}
