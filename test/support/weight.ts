/** What of the reporter's worker is libsodium: the limits on weight do not count it. */
import { join } from "node:path";
import { build as esbuild, type BuildOptions } from "esbuild";
import { packers, type Encoding } from "../../server/packers.ts";

const browserDir = join(import.meta.dirname, "../../views/browser");

/** The worker's bytes when libsodium is left out, packed as the build packs; the share that the limit does not count. */
export async function workerWithoutSodium(encoding: Encoding): Promise<{ bytes: number; sodiumShare: number }> {
  const shared = {
    entryPoints: [join(browserDir, "reporter.worker.ts")],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
  } satisfies BuildOptions;
  const whole = await esbuild({ ...shared, outdir: "unused" });
  const [{ inputs, bytes: all } = { inputs: {}, bytes: 0 }] = Object.values(whole.metafile.outputs);
  const sodium = Object.entries(inputs)
    .filter(([path]) => path.includes("node_modules/libsodium"))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  const rest = await esbuild({ ...shared, outdir: "unused", external: ["libsodium-wrappers-sumo"] });
  const packed = await packers[encoding](Buffer.from(rest.outputFiles[0]!.contents));
  return { bytes: packed.length, sodiumShare: sodium / all };
}
