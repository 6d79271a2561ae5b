/**
 * Sending an attachment object in parts of 8 MiB, in order. Two buffers of one part each are all
 * that is held, however large the object: one is filled while the other is on its way.
 */
import { fromBase64Url, toBase64Url, toHex } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { count, parseShape, textUpTo, z } from "../../../crypto/shape.ts";
import { send, sendForJson, type Api } from "./http.ts";

export const partBytes = 8 * 1024 * 1024;
const ticketBytes = 32;
/** Seconds before each new try of a part: about two minutes without a network, then it is told. */
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

/** Sends one part and gives its buffer back, which may have travelled to another thread; `error` is null when it arrived. */
export type PutPart = (
  api: Api,
  part: Part,
  signal?: AbortSignal,
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

const putPartHere: PutPart = async (api, { path, headers, buffer, length }, signal) => {
  const abort = signal === undefined ? {} : { signal };
  try {
    await send(api, path, { method: "PUT", headers, body: new Uint8Array(buffer, 0, length), ...abort });
    return { buffer, error: null };
  } catch (error) {
    return { buffer, error: error as Error };
  }
};

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
  const sleep = plan.sleep ?? sleepFor;
  throwIfAborted(plan.signal);
  const body = { envId: id, length: plan.length };
  const headers = { ...plan.headers };
  const answer = await sendForJson(plan.api, "/uploads", { method: "POST", headers, body, ...signal });
  const { ticket } = parseShape(reservedShape, answer, "reservation");
  headers["x-upload-ticket"] = toBase64Url(fromBase64Url(ticket, ticketBytes));

  const received = async (): Promise<number> =>
    parseShape(receivedShape, await sendForJson(plan.api, `/uploads/${id}`, { headers, ...signal }), "upload").received;

  const putPart = plan.putPart ?? putPartHere;
  const put = async (part: number, full: ArrayBuffer, length: number): Promise<ArrayBuffer> => {
    const end = part * partBytes + length;
    let buffer = full;
    for (let tries = 0; ; tries++) {
      try {
        // After a failure the part may have arrived all the same: asking is cheaper than sending.
        if (tries === 0 || (await received()) < end) {
          const sent = await putPart(
            plan.api,
            { path: `/uploads/${id}/${part}`, headers, buffer, length },
            plan.signal,
          );
          buffer = sent.buffer;
          if (sent.error !== null) throw sent.error;
        }
        plan.onStored?.(end);
        return buffer;
      } catch (error) {
        throwIfAborted(plan.signal);
        const wait = waits[tries];
        if (wait === undefined || !passes(error)) throw error;
        await sleep(wait, plan.signal);
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
