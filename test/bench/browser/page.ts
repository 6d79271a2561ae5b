/** The page around the worker: keeps what it posts where the bench looks. */
const worker = new Worker("/worker.js", { type: "module" });
worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  Object.assign(globalThis, { benchAnswer: data });
});
worker.addEventListener("error", ({ message }) => {
  Object.assign(globalThis, { benchAnswer: { error: message } });
});
