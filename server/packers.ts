/** How bytes are packed for the way: once for built files, and for pages that everybody gets alike. */
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export type Encoding = "br" | "gzip";

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Up to this size the best takes a tenth of a second; of larger ones one step below has nearly its size in half its time. */
const quickBytes = 128 * 1024;
/** Of machine code by the megabyte the last steps take ten seconds for a tenth. */
const hugeBytes = 2 * 1024 * 1024;

function qualityFor(bytes: number): number {
  if (bytes > hugeBytes) return 9;
  return bytes <= quickBytes ? 11 : 10;
}

/** Off the main thread. */
export const packers: Record<Encoding, (content: string | Buffer) => Promise<Buffer>> = {
  br: (content) =>
    brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: qualityFor(Buffer.byteLength(content)) } }),
  gzip: (content) => zip(content, { level: 9 }),
};
