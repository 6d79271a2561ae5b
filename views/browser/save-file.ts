/** Putting bytes on the person's disk: small ones as a Blob, large ones as a stream through download.sw.ts. */
import type { Offer } from "./download.sw.ts";
import { safeFileName } from "./file-names.ts";
import { trustedScriptUrl } from "./trusted.ts";

const scope = "/assets/download/";
const stayMs = 10_000;

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = safeFileName(name);
  link.click();
  // The browser has its own hold on the bytes once the download has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Where a worker pours a file's bytes (console/worker-streams.ts). */
export interface Sink {
  port: MessagePort;
  /** Call when the worker has said how it ended. */
  close(): void;
}

interface Helper {
  worker: ServiceWorker;
  registration: ServiceWorkerRegistration;
}

/** Downloads that run now: the last one to end takes the service worker off this device. */
let open = 0;

async function startHelper(): Promise<Helper> {
  const url = trustedScriptUrl("/assets/download.sw.js");
  const registration = await navigator.serviceWorker.register(url, { scope, updateViaCache: "none" });
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (worker === null) throw new Error("no service worker");
  if (worker.state === "activated") return { worker, registration };
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve({ worker, registration });
      if (worker.state === "redundant") reject(new Error("the service worker was not taken"));
    });
  });
}

/**
 * Starts a download that a worker fills. Null where the browser has no service workers (some
 * private windows): then only a Blob is possible. `size`: bytes, exactly.
 */
export async function openSink(name: string, size: number): Promise<Sink | null> {
  if (!("serviceWorker" in navigator)) return null;
  let helper: Helper;
  open += 1;
  try {
    helper = await startHelper();
  } catch {
    open -= 1;
    return null;
  }
  const { worker, registration } = helper;
  const bytes = new MessageChannel();
  const ready = new MessageChannel();
  const id = crypto.randomUUID();
  const accepted = new Promise<void>((resolve) => {
    ready.port1.addEventListener("message", () => resolve(), { once: true });
    ready.port1.start();
  });
  const offer: Offer = { is: "offer", id, name: safeFileName(name), size };
  worker.postMessage(offer, [bytes.port2, ready.port2]);
  await accepted;
  ready.port1.close();
  const staying = setInterval(() => worker.postMessage({ is: "stay" }), stayMs);
  // A navigation that is answered with an attachment leaves this page where it is.
  location.assign(scope + id);
  const close = (): void => {
    clearInterval(staying);
    open -= 1;
    // A registration would stay in the browser as a trace of the visit. What still runs may end first.
    if (open === 0) void registration.unregister().catch(() => {});
  };
  return { port: bytes.port1, close };
}
