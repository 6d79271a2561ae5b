/** Makes PDFs off the page's thread. Holds no key; asks the server for fonts and for nothing else. */
import { PortalError } from "../../crypto/errors.ts";
import { Fonts } from "../pdf/fonts.ts";
import { countPages, writePdf } from "../pdf/write.ts";
import type { FromPress, ToPress } from "./client/casefile/press.ts";
import { fetchedFonts } from "./font-fetch.ts";

/** The part of DedicatedWorkerGlobalScope used here; TypeScript cannot load its types next to the page's. */
interface Scope {
  postMessage(message: FromPress, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToPress>) => void): void;
}
const scope = globalThis as unknown as Scope;
const fonts = new Fonts(fetchedFonts());

async function make({ id, order, counts }: ToPress): Promise<FromPress> {
  if (counts) return { is: "counted", id, pages: await countPages(order, fonts) };
  return { is: "printed", id, ...(await writePdf(order, fonts)) };
}

scope.addEventListener("message", ({ data }) => {
  make(data).then(
    (answer) => scope.postMessage(answer, answer.is === "printed" ? [answer.bytes.buffer] : []),
    (error: unknown) => {
      if (error instanceof PortalError) {
        scope.postMessage({ is: "refused", id: data.id, code: error.code, message: error.message });
        return;
      }
      // Whoever waits hears of it as an error of this worker.
      setTimeout(() => {
        throw error;
      });
    },
  );
});
scope.postMessage({ is: "ready" });
