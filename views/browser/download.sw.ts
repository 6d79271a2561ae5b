/**
 * Saves what a page streams to it, with flat memory: a navigation to /assets/download/<id> is
 * answered from a port that the page handed over. Scope: /assets/download/ and nothing else; it
 * keeps no bytes, no cache, and answers no other request.
 */
import type { FromSink, ToSink } from "./console/worker-streams.ts";

/** The parts of ServiceWorkerGlobalScope used here; TypeScript cannot load its types next to the page's. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  request: Request;
  respondWith(response: Response): void;
}
interface OfferEvent extends ExtendableEvent {
  data: Offer | { is: "stay" };
  ports: MessagePort[];
}
interface Scope {
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(type: "message", listener: (event: OfferEvent) => void): void;
  skipWaiting(): Promise<void>;
}

/** Two ports come with it: one for the bytes, one that is told "ready". */
export interface Offer {
  is: "offer";
  id: string;
  /** As it is to be saved; made safe by the page. */
  name: string;
  /** Bytes, or null when it is not known. */
  size: number | null;
}

const scope = globalThis as unknown as Scope;
const offers = new Map<string, { offer: Offer; port: MessagePort }>();

function bodyOf(port: MessagePort): ReadableStream<Uint8Array> {
  const ask = (message: FromSink): void => port.postMessage(message);
  let arrived: () => void = () => {};
  let stopped = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        port.addEventListener("message", ({ data }: MessageEvent<ToSink>) => {
          if (stopped) return;
          if ("bytes" in data) controller.enqueue(data.bytes);
          else if (data.end === "done") controller.close();
          // A download that breaks off is marked as failed and leaves no file under its name.
          else controller.error(new Error("broken off"));
          arrived();
        });
        port.start();
      },
      pull: () =>
        new Promise<void>((resolve) => {
          arrived = resolve;
          ask("pull");
        }),
      cancel() {
        stopped = true;
        ask("cancel");
      },
    },
    { highWaterMark: 1 },
  );
}

function respond({ offer, port }: { offer: Offer; port: MessagePort }): Response {
  const headers = new Headers({
    // Never a type that a browser would show.
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(offer.name)}`,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cache-control": "no-store",
  });
  if (offer.size !== null) headers.set("content-length", String(offer.size));
  return new Response(bodyOf(port), { headers });
}

scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()));

scope.addEventListener("message", (event) => {
  // "stay": a message every few seconds keeps the browser from ending this worker in mid-file.
  if (event.data.is === "stay") return;
  const [port, told] = event.ports;
  if (port === undefined || told === undefined) return;
  offers.set(event.data.id, { offer: event.data, port });
  told.postMessage("ready");
});

scope.addEventListener("fetch", (event) => {
  const id = new URL(event.request.url).pathname.split("/").at(-1) ?? "";
  const found = offers.get(id);
  offers.delete(id);
  // 204 leaves the page where it is: an address from the history leads nowhere.
  event.respondWith(found === undefined ? new Response(null, { status: 204 }) : respond(found));
});
