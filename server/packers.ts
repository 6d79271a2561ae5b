/** How bytes are packed for the way: once for built files, and for pages that everybody gets alike. */
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export type Encoding = "br" | "gzip";

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** One step below the best: nearly its size in half its time. Off the main thread. */
export const packers: Record<Encoding, (content: string | Buffer) => Promise<Buffer>> = {
  br: (content) => brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
  gzip: (content) => zip(content, { level: 9 }),
};
