/** The thread of press.ts. */
import { parentPort } from "node:worker_threads";
import { PortalError } from "../../crypto/errors.ts";
import { Fonts } from "../../views/pdf/fonts.ts";
import { writePdf, type PdfOrder } from "../../views/pdf/write.ts";
import { fontFiles } from "./font-files.ts";
import type { PressAnswer } from "./press.ts";

const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread");

const fonts = new Fonts(fontFiles);
const say = (answer: PressAnswer): void => port.postMessage(answer);

port.on("message", (order: PdfOrder) => {
  writePdf(order, fonts).then(
    ({ bytes }) => say({ bytes }),
    (error: unknown) => {
      if (!(error instanceof PortalError)) throw error;
      say({ code: error.code, message: error.message });
    },
  );
});
