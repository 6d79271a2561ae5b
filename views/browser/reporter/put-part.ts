/**
 * Sends a part from a worker of its own, which ends with it. A browser keeps the body of a request
 * until its collector runs, and the collector does not count it: after a gigabyte, a gigabyte.
 */
import { PortalError } from "../../../crypto/errors.ts";
import type { PutPart } from "../client/uploads.ts";
import { startWorker } from "../trusted.ts";
import type { FromUploader, PartJob } from "../uploader.worker.ts";

export const putPartInWorker: PutPart = ({ origin }, { path, headers, buffer, length }, { signal, pause, onSent }) =>
  new Promise((resolve, reject) => {
    const worker = startWorker("uploader");
    const end = (): void => {
      worker.terminate();
      signal?.removeEventListener("abort", stop);
      pause?.removeEventListener("abort", giveBack);
    };
    const stop = (): void => {
      end();
      reject(signal?.reason as Error);
    };
    // The worker has the buffer: it is asked for it.
    const giveBack = (): void => worker.postMessage("stop");
    signal?.addEventListener("abort", stop, { once: true });
    pause?.addEventListener("abort", giveBack, { once: true });
    worker.addEventListener("message", ({ data }: MessageEvent<FromUploader>) => {
      if (data === "ready") {
        const job: PartJob = { origin, path, headers, buffer, length };
        worker.postMessage(job, [buffer]);
        if (pause?.aborted === true) giveBack();
        return;
      }
      if ("sent" in data) {
        onSent?.(data.sent);
        return;
      }
      end();
      const { error } = data;
      resolve({ buffer: data.buffer, error: error === null ? null : new PortalError(error, "the part was not taken") });
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      end();
      // It never became ready: the buffer is still here, and another try may load it.
      if (buffer.byteLength > 0) resolve({ buffer, error: new PortalError("busy", "the uploader did not start") });
      // It went down with the part: not to be tried again with an empty buffer.
      else reject(new Error("the uploader stopped"));
    });
  });
