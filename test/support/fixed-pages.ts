/** A few pages and scripts on a port of their own, under the policy that our workers have: for code that is tried or measured by itself in a browser. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";

/** What the apps allow their workers, and no more. */
const policy = "script-src 'self' 'wasm-unsafe-eval'; default-src 'none'; connect-src 'self'";

/** By path. */
export type FixedPages = Readonly<Record<string, readonly [type: string, body: string]>>;

/** `entry`: path of a TypeScript module. Its text with everything that it imports. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]!.text;
}

/** Whoever starts the server closes it. */
export async function serveFixed(pages: FixedPages): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const [type, body] = pages[request.url ?? ""] ?? ["text/plain", ""];
    response.setHeader("content-security-policy", policy);
    response.setHeader("content-type", `${type}; charset=utf-8`);
    response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "localhost", () => resolve());
  });
  return { origin: `http://localhost:${String((server.address() as AddressInfo).port)}`, server };
}
