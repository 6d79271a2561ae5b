/** Sends one sealed part and gives the buffer back. Knows no key. Started and ended by reporter/put-part.ts. */
import { PortalError, type ErrorCode } from "../../crypto/errors.ts";
import { send } from "./client/http.ts";

export interface PartJob {
  origin: string;
  path: string;
  headers: Record<string, string>;
  buffer: ArrayBuffer;
  /** Bytes from the buffer's start. */
  length: number;
}
export type PartError = ErrorCode;

interface Scope {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<PartJob>) => void): void;
}
const scope = globalThis as unknown as Scope;

async function put({ origin, path, headers, buffer, length }: PartJob): Promise<PartError | null> {
  try {
    // As a Blob the bytes go to the network process once; as an array they are copied on the way.
    await send({ origin }, path, { method: "PUT", headers, body: new Blob([new Uint8Array(buffer, 0, length)]) });
    return null;
  } catch (error) {
    return error instanceof PortalError ? error.code : "busy";
  }
}

scope.addEventListener("message", ({ data }) => {
  void put(data).then((error) => scope.postMessage({ error, buffer: data.buffer }, [data.buffer]));
});
scope.postMessage("ready");
