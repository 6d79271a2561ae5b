/** The page around the worker: keeps what it posts where the test looks. */
const worker = new Worker("/worker.js", { type: "module" });
worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  Object.assign(globalThis, { vectorsAnswer: data });
});
worker.addEventListener("error", ({ message }) => {
  Object.assign(globalThis, { vectorsAnswer: { error: message } });
});
