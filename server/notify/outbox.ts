/** Sends with patience: what was not taken is tried again a few times, in memory only. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Deliver } from "./channels.ts";
import type { Notice } from "./notices.ts";
import type { Address } from "./notify-file.ts";

/** Milliseconds before each further try: mail servers that make strangers wait (greylisting) take it by then. */
export const retryWaits: readonly number[] = [60_000, 5 * 60_000, 30 * 60_000];

export interface OutboxOptions {
  deliver: Deliver;
  /** One line per failed try. Never says to whom, or what. */
  log: (line: string) => void;
  waits?: readonly number[];
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #closing = new AbortController();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Whether it was taken in the end. Never rejects. */
  async send(notice: Notice, address: Address): Promise<boolean> {
    const { waits = retryWaits } = this.#options;
    for (const wait of [0, ...waits]) {
      if (wait > 0 && !(await this.#wait(wait))) return false;
      if (this.#closing.signal.aborted) return false;
      if (await this.#attempt(notice, address)) return true;
    }
    return false;
  }

  async #attempt(notice: Notice, address: Address): Promise<boolean> {
    try {
      await this.#options.deliver(notice, address);
      return true;
    } catch (error) {
      if (!this.#closing.signal.aborted)
        this.#options.log(`fault: a reminder was not taken by its ${wayOf(address)}${codeOf(error)}`);
      return false;
    }
  }

  /** False: closed meanwhile. Keeps no process alive. */
  async #wait(ms: number): Promise<boolean> {
    const { signal } = this.#closing;
    return sleep(ms, true, { signal, ref: false }).catch(() => false);
  }

  /** Nothing more is begun. */
  close(): void {
    this.#closing.abort();
  }
}

const wayOf = ({ by }: Address): string => (by === "email" ? "mail server" : "webhook");

/** A library's short code, e.g. ECONNECTION or EAUTH; messages could name hosts and addresses. */
function codeOf(error: unknown): string {
  const codes = [error, error instanceof Error ? error.cause : null].map((each) =>
    each instanceof Error && "code" in each && typeof each.code === "string" && /^[A-Z_]{3,40}$/.test(each.code)
      ? each.code
      : "",
  );
  const code = codes.find((each) => each !== "");
  return code === undefined ? "" : ` (${code})`;
}
