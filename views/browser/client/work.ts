/**
 * The sum that keeps robots away, on the person's device: fetched and solved while they write, one
 * pass ahead, renewed before it is too old. WebCrypto does the computing beside this thread.
 */
import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";
import { toBase64Url, toHex, utf8 } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { count, parseShape, textUpTo, z } from "../../../crypto/shape.ts";
import { send, sendForJson, type Api, type Call } from "./http.ts";

const hex = textUpTo(64);
const taskShape = z.object({
  challenge: z.nullable(
    z.object({
      parameters: z.object({
        algorithm: textUpTo(20),
        cost: count,
        data: z.object({ most: count, until: count }),
        keyLength: count,
        keyPrefix: hex,
        keySignature: hex,
        nonce: hex,
        salt: hex,
      }),
      signature: hex,
    }),
  ),
  lifeSeconds: count,
});
type Task = z.infer<typeof taskShape>;

/** Of its life, after which a pass that nobody used is replaced. */
const freshPart = 2 / 3;
/** In the background: milliseconds of computing, then of rest, so that typing stays smooth on a phone. */
const burstMs = 40;
const restMs = 20;
/** A pass that the server did not take, this often in a row, has met something else. */
const mostTries = 4;

export interface PassOptions {
  signal?: AbortSignal;
  /** Share of the tries that it can take, 0 to 1; only while somebody waits for it. */
  onWork?: (part: number) => void;
}

export interface Work {
  /** Fetches and solves in the background, and keeps a fresh pass ready until `stop`. */
  keepReady(): void;
  stop(): void;
  /** The value of x-work for this envelope id, the same each time; "" where no work is asked. @throws what the network does */
  pass(envId: Uint8Array, options?: PassOptions): Promise<string>;
  /** The server did not take the pass. */
  drop(envId: Uint8Array): void;
}

interface Solving {
  header: Promise<string>;
  /** Somebody waits: no more rests. */
  hurry(): void;
  onWork: ((part: number) => void) | undefined;
  /** performance.now() after which it is not handed out. */
  staleAt: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function solve(task: Task, self: Pick<Solving, "onWork">, inHurry: () => boolean): Promise<string> {
  const { challenge } = task;
  if (challenge === null) return "";
  const { most } = challenge.parameters.data;
  let tries = 0;
  let burst = performance.now();
  const solution = await solveChallenge({
    challenge,
    // Its own limit is 90 seconds; a very old phone on a bad day gets there too.
    timeout: 0,
    deriveKey: async (parameters, salt, password) => {
      tries += 1;
      if (tries % 16 === 0) {
        self.onWork?.(Math.min(1, tries / most));
        if (!inHurry() && performance.now() - burst > burstMs) {
          await pause(restMs);
          burst = performance.now();
        }
        // Nobody issues such a sum: it would keep the device busy for ever.
        if (tries > most + 16) throw new PortalError("forged", "the sum has no answer");
      }
      return deriveKey(parameters, salt, password);
    },
  });
  if (solution === null) throw new PortalError("busy", "the sum was given up");
  const { counter, derivedKey } = solution;
  return toBase64Url(utf8(JSON.stringify({ challenge, solution: { counter, derivedKey } })));
}

function begin(api: Api): Solving {
  let hurried = false;
  const solving: Solving = {
    header: Promise.resolve(""),
    hurry: () => (hurried = true),
    onWork: undefined,
    staleAt: Infinity,
  };
  solving.header = (async () => {
    const task = parseShape(taskShape, await sendForJson(api, "/work"), "task");
    solving.staleAt = performance.now() + task.lifeSeconds * freshPart * 1000;
    return solve(task, solving, () => hurried);
  })();
  // Who asks for it gets the failure.
  solving.header.catch(() => {});
  return solving;
}

/** @throws the signal's reason */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

export function makeWork(api: Api): Work {
  let next: Solving | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  const given = new Map<string, string>();

  const fresh = (): Solving => {
    if (next === null || performance.now() > next.staleAt) next = begin(api);
    return next;
  };
  /** In the background a failure waits for the next look, or for somebody who needs the pass. */
  const look = (): void => {
    const current = fresh();
    current.header.catch(() => {
      if (next === current) next = null;
    });
  };

  return {
    keepReady() {
      look();
      timer ??= setInterval(look, 30_000);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      next = null;
    },
    async pass(envId, { signal, onWork } = {}) {
      const id = toHex(envId);
      const known = given.get(id);
      if (known !== undefined) return known;
      const current = fresh();
      current.onWork = onWork;
      current.hurry();
      try {
        const header = await orAborted(current.header, signal);
        given.set(id, header);
        return header;
      } finally {
        // Given away, or failed; one that was only not waited for goes on.
        if (signal?.aborted !== true && next === current) next = null;
        if (timer !== undefined && next === null) look();
      }
    },
    drop(envId) {
      given.delete(toHex(envId));
    },
  };
}

const workOf = new WeakMap<Api, Work>();

/** The one that belongs to this connection. */
export function workFor(api: Api): Work {
  const known = workOf.get(api);
  if (known !== undefined) return known;
  const work = makeWork(api);
  workOf.set(api, work);
  return work;
}

/**
 * As `send`, with a pass. One that is too old, or was forgotten by the server, is replaced without a
 * word: nothing of the call is lost. @throws as `send`
 */
export async function sendWithWork(
  api: Api,
  envId: Uint8Array,
  path: string,
  call: Call,
  options: PassOptions = {},
): Promise<Response> {
  const work = workFor(api);
  for (let tries = 1; ; tries++) {
    const pass = await work.pass(envId, options);
    try {
      return await send(api, path, { ...call, headers: { ...call.headers, ...(pass !== "" && { "x-work": pass }) } });
    } catch (error) {
      if (!(error instanceof PortalError) || error.code !== "work" || tries === mostTries) throw error;
      work.drop(envId);
    }
  }
}
