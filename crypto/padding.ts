/** PROTOCOL.md §4: what hides lengths. */
import { concat, Reader, u64le } from "./bytes.ts";
import { PortalError } from "./errors.ts";

export const minimumTextBytes = 16 * 1024;
const minimumObjectBytes = 256 * 1024;
const largestPowerOfTwoObject = 64 * 1024 * 1024;

/** Padmé (PURBs, Nikitin et al. 2019 §4): rounds up so that at most O(log log L) bits of L show. */
export function padme(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const significant = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** Math.max(0, exponent - significant);
  return Math.ceil(length / step) * step;
}

/** u64le(length) ‖ content ‖ zeros, to 16 KiB and from there to the next Padmé size. */
export function padText(content: Uint8Array): Uint8Array {
  const used = 8 + content.length;
  return concat(u64le(content.length), content, new Uint8Array(paddedTextBytes(used) - used));
}

function paddedTextBytes(used: number): number {
  return Math.max(minimumTextBytes, padme(used));
}

/** @throws PortalError "format" unless this is exactly what padText gives for its content */
export function unpadText(padded: Uint8Array): Uint8Array {
  const reader = new Reader(padded);
  const content = reader.take(reader.u64le());
  if (padded.length !== paddedTextBytes(reader.offset)) throw new PortalError("format", "padding has a wrong length");
  if (padded.subarray(reader.offset).some((byte) => byte !== 0)) throw new PortalError("format", "padding is not zero");
  return content;
}

/** True for the lengths that padText produces. */
export function isPaddedTextLength(length: number): boolean {
  return length >= minimumTextBytes && padme(length) === length;
}

/**
 * The size of an attachment object whose files take `length` bytes sealed: a power of two from
 * 256 KiB up to 64 MiB, beyond that the next Padmé size, so that 70 MiB do not become 128.
 */
export function paddedObjectBytes(length: number): number {
  if (length > largestPowerOfTwoObject) return padme(length);
  let size = minimumObjectBytes;
  while (size < length) size *= 2;
  return size;
}
