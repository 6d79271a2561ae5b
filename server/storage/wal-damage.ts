import { readFileSync } from "node:fs";

// Sizes and fields: https://www.sqlite.org/fileformat2.html#walformat
const headerBytes = 32;
const frameHeaderBytes = 24;
const magicLittle = 0x377f0682;
const magicBig = 0x377f0683;

/**
 * SQLite reads a write-ahead log up to the first frame that does not add up and takes the rest for
 * a write that was cut off: damage in the middle would silently drop transactions that people were
 * told are safe. But every commit is synced before the next one begins, so a power failure can
 * spoil only the last one. When two commits or more stand behind the bad frame, it is damage.
 * (Damage within the last transaction looks like a power failure; the log's checkpoints in the
 * consoles are what notices that.)
 * @returns what was found, in words, or null
 */
export function findWalDamage(path: string): string | null {
  const wal = readWal(path);
  if (wal === null || wal.length < headerBytes) return null;
  const magic = wal.readUInt32BE(0);
  const sum = checksum(wal.subarray(0, 24), magic === magicBig, [0, 0]);
  const headerHolds = (magic === magicLittle || magic === magicBig) && sameSum(sum, wal, 24);
  const frameBytes = frameHeaderBytes + wal.readUInt32BE(8);
  // The header is synced before the first frame is written: frames behind a bad one are damage.
  if (!headerHolds) return wal.length > headerBytes ? "the header of its -wal file does not add up" : null;

  let running = sum;
  let firstBad: number | null = null;
  let commitsBehind = 0;
  for (let at = headerBytes; at + frameBytes <= wal.length; at += frameBytes) {
    const frame = wal.subarray(at, at + frameBytes);
    // Frames of an earlier round of this log have other salts, and are nobody's loss.
    const ours = frame.compare(wal, 16, 24, 8, 16) === 0;
    if (firstBad === null) {
      running = checksum(frame.subarray(0, 8), magic === magicBig, running);
      running = checksum(frame.subarray(frameHeaderBytes), magic === magicBig, running);
      if (!ours || !sameSum(running, frame, 16)) firstBad = (at - headerBytes) / frameBytes;
    }
    const isCommit = frame.readUInt32BE(4) !== 0;
    if (firstBad !== null && ours && isCommit) commitsBehind++;
  }
  return commitsBehind >= 2
    ? `frame ${firstBad} of its -wal file does not add up, and ${commitsBehind} later commits depend on it`
    : null;
}

function readWal(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw cause;
  }
}

function sameSum(sum: [number, number], bytes: Buffer, at: number): boolean {
  return sum[0] === bytes.readUInt32BE(at) && sum[1] === bytes.readUInt32BE(at + 4);
}

/** SQLite's running checksum over pairs of 32-bit words. */
function checksum(bytes: Buffer, bigEndian: boolean, start: [number, number]): [number, number] {
  let [s0, s1] = start;
  for (let i = 0; i < bytes.length; i += 8) {
    const x0 = bigEndian ? bytes.readUInt32BE(i) : bytes.readUInt32LE(i);
    const x1 = bigEndian ? bytes.readUInt32BE(i + 4) : bytes.readUInt32LE(i + 4);
    s0 = (s0 + x0 + s1) >>> 0;
    s1 = (s1 + x1 + s0) >>> 0;
  }
  return [s0, s1];
}
