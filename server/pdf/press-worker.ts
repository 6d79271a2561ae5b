/** The thread of press.ts. */
import { parentPort } from "node:worker_threads";
import { PortalError } from "../../crypto/errors.ts";
import type { PressAnswer } from "./press.ts";
import { writePdf, type PdfOrder } from "./write.ts";

const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread");

const say = (answer: PressAnswer): void => port.postMessage(answer);

port.on("message", (order: PdfOrder) => {
  writePdf(order).then(
    (bytes) => say({ bytes: new Uint8Array(bytes) }),
    (error: unknown) => {
      if (!(error instanceof PortalError)) throw error;
      say({ code: error.code, message: error.message });
    },
  );
});
