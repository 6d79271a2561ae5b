/** Who is at work on an upload at this moment. In memory only: nothing of it outlives the process. */
import { toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import type { Clock, Store } from "../ports.ts";

/** As long as a request for one part may take: longer without one and nobody is sending any more. */
const stalledMs = 10 * 60_000;

/** A part that is being received, or waits to be. */
interface Sender {
  stop: AbortController;
}

/**
 * Acts on one upload come one after the other: a part that is written while an earlier copy of it
 * is being hashed would change what is acknowledged.
 */
export class UploadTurns {
  readonly #clock: Clock;
  readonly #begunAt: number;
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #senders = new Map<string, Sender>();
  /** When an upload was reserved or last got a part. */
  readonly #movedAt = new Map<string, number>();
  /** Bytes of parts under way, beyond what the store counts for their uploads. */
  underway = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#begunAt = clock.now();
  }

  async inTurn<T>(envId: Uint8Array, act: () => Promise<T>): Promise<T> {
    const name = toHex(envId);
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(act, act);
    this.#turns.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(name) === turn) this.#turns.delete(name);
    }
  }

  /**
   * Receives a part in its turn. The newest sender goes first: the one before it is a connection
   * that broke without the server's noticing, and would keep its upload waiting for minutes.
   */
  async receive(
    envId: Uint8Array,
    body: AsyncIterable<Uint8Array>,
    act: (body: AsyncIterable<Uint8Array>) => Promise<void>,
  ): Promise<void> {
    const name = toHex(envId);
    this.stopSender(envId);
    const sender: Sender = { stop: new AbortController() };
    this.#senders.set(name, sender);
    try {
      await this.inTurn(envId, () => {
        if (sender.stop.signal.aborted) throw displaced();
        return act(untilStopped(body, sender.stop.signal));
      });
    } finally {
      if (this.#senders.get(name) === sender) this.#senders.delete(name);
    }
  }

  stopSender(envId: Uint8Array): void {
    this.#senders.get(toHex(envId))?.stop.abort();
  }

  noteMoved(envId: Uint8Array): void {
    this.#movedAt.set(toHex(envId), this.#clock.now());
  }

  /** Uploads for which nothing has come for long, the longest silent first. */
  async findStalled(store: Store): Promise<Uint8Array[]> {
    const envIds = await store.listUnclaimed();
    const names = new Set(envIds.map(toHex));
    for (const name of this.#movedAt.keys()) if (!names.has(name)) this.#movedAt.delete(name);
    const since = (envId: Uint8Array): number => this.#movedAt.get(toHex(envId)) ?? this.#begunAt;
    const now = this.#clock.now();
    return envIds
      .filter((envId) => Math.abs(now - since(envId)) > stalledMs) // the clock may have been set back
      .toSorted((a, b) => since(a) - since(b));
  }
}

function displaced(): PortalError {
  return new PortalError("busy", "the same part is being sent again");
}

async function* untilStopped(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(displaced()), { once: true });
  });
  stopped.catch(() => {}); // nobody may be waiting when it comes
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await Promise.race([pieces.next(), stopped]);
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    void pieces.return?.(); // not awaited: of a dead connection the next piece never comes
  }
}
