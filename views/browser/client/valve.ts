/** A valve in a transfer: closed by the person, while the device is offline, and between tries when no answer comes. */

/** Why nothing flows: the person paused it, the browser says it is offline, or no answer came. */
export const halts = ["person", "offline", "lost"] as const;
export type Halt = (typeof halts)[number];

export class Valve {
  readonly #closedBy = new Set<Halt>();
  readonly #onChange: (halt: Halt | null) => void;
  #flow = new AbortController();
  #waiting: (() => void)[] = [];

  constructor(onChange: (halt: Halt | null) => void = () => {}) {
    this.#onChange = onChange;
  }

  /** The first of `halts` that holds; null: open. */
  get halt(): Halt | null {
    return halts.find((halt) => this.#closedBy.has(halt)) ?? null;
  }

  /** Aborted when the valve closes; another one after it was opened. */
  get flow(): AbortSignal {
    return this.#flow.signal;
  }

  close(halt: Halt): void {
    const before = this.halt;
    this.#closedBy.add(halt);
    if (before === null) this.#flow.abort(new DOMException("paused", "AbortError"));
    if (this.halt !== before) this.#onChange(this.halt);
  }

  open(halt: Halt): void {
    const before = this.halt;
    this.#closedBy.delete(halt);
    if (before === null || this.halt === before) return;
    if (this.halt === null) {
      this.#flow = new AbortController();
      for (const go of this.#waiting.splice(0)) go();
    }
    this.#onChange(this.halt);
  }

  /** Resolves when it is open. @throws the signal's reason */
  pass(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      if (this.halt === null) {
        resolve();
        return;
      }
      const stop = (): void => reject(signal?.reason as Error);
      signal?.addEventListener("abort", stop, { once: true });
      this.#waiting.push(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
    });
  }
}
