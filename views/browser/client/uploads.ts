/**
 * Sending an attachment object in parts of 8 MiB, in order. Two buffers of one part each are all
 * that is held, however large the object: one is filled while the other is on its way. After a pause
 * or a failure the server is asked what it has, and nothing that it has is sent again.
 */
import { fromBase64Url, toBase64Url, toHex } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { count, parseShape, textUpTo, z } from "../../../crypto/shape.ts";
import { send, sendForJson, type Api } from "./http.ts";
import type { Valve } from "./valve.ts";
import { sendWithWork } from "./work.ts";

export const partBytes = 8 * 1024 * 1024;
const ticketBytes = 32;
/** Seconds before each new try of a part: about two minutes without a network. Then it is told, or, with a valve, tried on. */
const waits = [0.5, 1, 2, 4, 8, 15, 30, 60];

const reservedShape = z.object({ ticket: textUpTo(64) });
const receivedShape = z.object({ received: count });

export interface Part {
  path: string;
  headers: Record<string, string>;
  buffer: ArrayBuffer;
  /** Bytes from the buffer's start. */
  length: number;
}

export interface PutOptions {
  signal?: AbortSignal;
  /** Aborted when the part shall be given up for now: its buffer is needed again. */
  pause?: AbortSignal;
  /** Bytes of this part that have left. */
  onSent?: (bytes: number) => void;
}

/** Sends one part and gives its buffer back, which may have travelled to another thread; `error` is null when it arrived. */
export type PutPart = (
  api: Api,
  part: Part,
  options: PutOptions,
) => Promise<{ buffer: ArrayBuffer; error: Error | null }>;

export interface UploadPlan {
  api: Api;
  /** 16 bytes: the envelope that the object belongs to. */
  envId: Uint8Array;
  /** The whole object's bytes, padding included. */
  length: number;
  /** Sent along with every request, e.g. a console's session. */
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Bytes that the server has, after each part. */
  onStored?: (bytes: number) => void;
  /** Bytes that have left this device; goes back when a part has to be sent again. */
  onSent?: (bytes: number) => void;
  /** Pauses and resumes. With it no network is waited for without end, and only `signal` gives up. */
  valve?: Valve;
  /** Told while the device still does its sum. */
  onWork?: (part: number) => void;
  /** How a part is sent; by default from this thread. */
  putPart?: PutPart;
  /** Replaces waiting in tests. */
  sleep?: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

export interface Upload {
  /** Takes the object's bytes in order; waits while both buffers are full. */
  write(piece: Uint8Array): Promise<void>;
  /** Resolves when the server has everything. @throws PortalError "format" when bytes are missing */
  finish(): Promise<void>;
}

/** @throws the signal's reason */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw signal.reason;
}

function sleepFor(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Aborted when one of them is. */
function either(...signals: (AbortSignal | undefined)[]): { signal?: AbortSignal } {
  const given = signals.filter((signal) => signal !== undefined);
  return given.length === 0 ? {} : { signal: AbortSignal.any(given) };
}

const putPartHere: PutPart = async (api, { path, headers, buffer, length }, { signal, pause }) => {
  const abort = either(signal, pause);
  try {
    await send(api, path, { method: "PUT", headers, body: new Uint8Array(buffer, 0, length), ...abort });
    return { buffer, error: null };
  } catch (error) {
    return { buffer, error: error as Error };
  }
};

/**
 * Between two tries. From the third on the valve shows that no answer comes, and whoever opens it
 * ends the waiting. @throws `error` when there is no try left
 */
async function waitForTry(
  { valve, signal, sleep = sleepFor }: UploadPlan,
  wait: number | undefined,
  error: unknown,
): Promise<void> {
  if (valve === undefined) {
    if (wait === undefined) throw error;
    await sleep(wait, signal);
    return;
  }
  const seconds = wait ?? waits.at(-1)!;
  if (seconds < 2) {
    await sleep(seconds, signal);
    return;
  }
  valve.close("lost");
  const waited = new AbortController();
  // Whoever opens it while the person has paused, too, is heard when both are gone.
  const opened = valve.pass(signal).catch(() => {});
  try {
    await Promise.race([
      sleep(seconds, AbortSignal.any([waited.signal, ...(signal === undefined ? [] : [signal])])),
      opened,
    ]);
  } finally {
    waited.abort(new DOMException("opened", "AbortError"));
    valve.open("lost");
  }
  throwIfAborted(signal);
}

/** Worth another try: the network or the server was away, or too many asked at once. */
function passes(error: unknown): boolean {
  return error instanceof PortalError && (error.code === "busy" || error.code === "limited");
}

/**
 * Reserves room for an object and gives what takes its bytes.
 * @throws PortalError "large" | "full" | "limited" | "closed"
 */
export async function startUpload(plan: UploadPlan): Promise<Upload> {
  const id = toHex(plan.envId);
  const signal = plan.signal === undefined ? {} : { signal: plan.signal };
  const { valve } = plan;
  await valve?.pass(plan.signal);
  throwIfAborted(plan.signal);
  const body = { envId: id, length: plan.length };
  const headers = { ...plan.headers };
  const call = { method: "POST", headers, body, ...signal } as const;
  // A console's session stands for its work.
  const reserved =
    plan.headers?.["authorization"] === undefined
      ? await sendWithWork(plan.api, plan.envId, "/uploads", call, {
          ...signal,
          ...(plan.onWork && { onWork: plan.onWork }),
        })
      : await send(plan.api, "/uploads", call);
  const answer: unknown = await reserved.json();
  const { ticket } = parseShape(reservedShape, answer, "reservation");
  headers["x-upload-ticket"] = toBase64Url(fromBase64Url(ticket, ticketBytes));

  const received = async (): Promise<number> =>
    parseShape(
      receivedShape,
      await sendForJson(plan.api, `/uploads/${id}`, { headers, ...either(plan.signal, valve?.flow) }),
      "upload",
    ).received;

  const putPart = plan.putPart ?? putPartHere;
  const put = async (part: number, full: ArrayBuffer, length: number): Promise<ArrayBuffer> => {
    const start = part * partBytes;
    const end = start + length;
    let buffer = full;
    /** After a failure the part may have arrived all the same: asking is cheaper than sending. */
    let asking = false;
    for (let tries = 0; ;) {
      await valve?.pass(plan.signal);
      const flow = valve?.flow;
      try {
        if (!asking || (await received()) < end) {
          const sent = await putPart(
            plan.api,
            { path: `/uploads/${id}/${part}`, headers, buffer, length },
            {
              ...signal,
              ...(flow === undefined ? {} : { pause: flow }),
              onSent: (bytes) => plan.onSent?.(start + bytes),
            },
          );
          buffer = sent.buffer;
          if (sent.error !== null) throw sent.error;
        }
        plan.onStored?.(end);
        return buffer;
      } catch (error) {
        throwIfAborted(plan.signal);
        asking = true;
        plan.onSent?.(start);
        // Given up on purpose: that is no failure to be counted.
        if (flow?.aborted === true) continue;
        if (!passes(error)) throw error;
        await waitForTry(plan, waits[tries++], error);
      }
    }
  };
  return bufferParts(plan, put);
}

type Put = (part: number, full: ArrayBuffer, length: number) => Promise<ArrayBuffer>;

function bufferParts(plan: UploadPlan, put: Put): Upload {
  const size = Math.min(partBytes, plan.length);
  let filling = new Uint8Array(size);
  let used = 0;
  let part = 0;
  let written = 0;
  /** Gives the other buffer once its part has arrived. */
  let underway = Promise.resolve(new ArrayBuffer(plan.length > size ? size : 0));

  const sendFull = async (): Promise<void> => {
    const free = await underway;
    throwIfAborted(plan.signal);
    underway = put(part, filling.buffer, used);
    // Who awaits it later gets the failure; until then it must not count as unhandled.
    underway.catch(() => {});
    filling = new Uint8Array(free);
    used = 0;
    part += 1;
  };

  return {
    async write(piece) {
      if (written + piece.length > plan.length) throw new PortalError("format", "more bytes than were announced");
      written += piece.length;
      for (let at = 0; at < piece.length;) {
        const take = Math.min(size - used, piece.length - at);
        filling.set(piece.subarray(at, at + take), used);
        used += take;
        at += take;
        if (used === size) await sendFull();
      }
    },
    async finish() {
      if (written !== plan.length) throw new PortalError("format", "fewer bytes than were announced");
      if (used > 0) await sendFull();
      await underway;
    },
  };
}
