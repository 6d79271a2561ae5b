/**
 * Talking to the portal's two apps. No DOM: the same code runs in the page's workers, in tests
 * and in the demo. An API error comes back as the PortalError that the server meant.
 */
import { PortalError, errorCodes, type ErrorCode } from "../../../crypto/errors.ts";

export interface Api {
  /** scheme://host[:port], as the server knows itself: it stands in what is signed. */
  origin: string;
}

export interface Call {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  headers?: Record<string, string>;
  /** Bytes and Blobs are sent as octet-stream, anything else as JSON. */
  body?: Uint8Array | Blob | object;
  signal?: AbortSignal;
}

function isErrorCode(value: unknown): value is ErrorCode {
  return (errorCodes as readonly unknown[]).includes(value);
}

/** @throws PortalError with the server's code; "busy" when it cannot be reached */
export async function send(api: Api, path: string, call: Call = {}): Promise<Response> {
  const { body } = call;
  const bytes = body instanceof Uint8Array || body instanceof Blob;
  const headers: Record<string, string> = { ...call.headers };
  if (body !== undefined) headers["content-type"] = bytes ? "application/octet-stream" : "application/json";
  let response: Response;
  try {
    response = await fetch(api.origin + path, {
      method: call.method ?? "GET",
      headers,
      body: body === undefined ? null : bytes ? (body as Uint8Array<ArrayBuffer> | Blob) : JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: call.signal ?? null,
    });
  } catch (cause) {
    if (call.signal?.aborted === true) throw cause;
    throw new PortalError("busy", "the server cannot be reached", { cause });
  }
  if (!response.ok && response.headers.get("content-type")?.startsWith("application/octet-stream") !== true)
    throw await toError(response);
  return response;
}

/** `cause`: the answer as it came; some routes say more in it than the code. */
async function toError(response: Response): Promise<PortalError> {
  const answer: unknown = await response.json().catch(() => null);
  const code = typeof answer === "object" && answer !== null && "error" in answer ? answer.error : null;
  return new PortalError(isErrorCode(code) ? code : "busy", `the server answered ${response.status}`, {
    cause: answer,
  });
}

export async function sendForBytes(api: Api, path: string, call: Call = {}): Promise<Uint8Array> {
  return new Uint8Array(await (await send(api, path, call)).arrayBuffer());
}

export async function sendForJson(api: Api, path: string, call: Call = {}): Promise<unknown> {
  return (await send(api, path, call)).json();
}
