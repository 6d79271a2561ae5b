/** A browser's worker: fetches the vectors, runs them, posts the results. */
import { runVectors, type VectorFile } from "./suite.ts";

const files = (await (await fetch("/vectors.json")).json()) as { [name: string]: VectorFile };
try {
  postMessage({ results: await runVectors(files) });
} catch (error) {
  postMessage({ error: String(error) });
}
