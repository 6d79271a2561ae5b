/** Byte strings: fixed layouts are written and read here and nowhere else. */
import { PortalError } from "./errors.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** @throws PortalError "format" on bytes that are not UTF-8 */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new PortalError("format", "text is not UTF-8", { cause });
  }
}

export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Equality of public values; secrets are compared by sodium.memcmp. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** A number that wrapped around would name something else. @throws PortalError "format" */
function checkFits(value: number, greatest: number): number {
  if (!Number.isInteger(value) || value < 0 || value > greatest)
    throw new PortalError("format", "number does not fit its field");
  return value;
}

export function u8(value: number): Uint8Array {
  return Uint8Array.of(checkFits(value, 0xff));
}

export function u16le(value: number): Uint8Array {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, checkFits(value, 0xffff), true);
  return bytes;
}

export function u32le(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, checkFits(value, 0xffff_ffff), true);
  return bytes;
}

export function u64le(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(checkFits(value, Number.MAX_SAFE_INTEGER)), true);
  return bytes;
}

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Lower-case only: one encoding for one byte string. @throws PortalError "format" */
export function fromHex(text: string, length?: number): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  if (!/^(?:[0-9a-f]{2})*$/.test(text) || (length !== undefined && bytes.length !== length))
    throw new PortalError("format", "not hexadecimal of the right length");
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** Canonical, padded base64 only. @throws PortalError "format" */
export function fromBase64(text: string, length?: number): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch (cause) {
    throw new PortalError("format", "not base64", { cause });
  }
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  if (toBase64(bytes) !== text || (length !== undefined && bytes.length !== length))
    throw new PortalError("format", "not canonical base64 of the right length");
  return bytes;
}

export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Unpadded base64url (RFC 4648 §5). @throws PortalError "format" */
export function fromBase64Url(text: string, length?: number): Uint8Array {
  if (/[+/=]/.test(text)) throw new PortalError("format", "not base64url");
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(plain + "=".repeat((4 - (plain.length % 4)) % 4), length);
}

/** Reads a fixed layout front to back; every read is bounds-checked, `end` refuses what is left over. */
export class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    // A Buffer's slice would be a view into Node's pool: here every slice is a copy of its own.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get offset(): number {
    return this.#offset;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > this.left) throw new PortalError("format", "ends too early");
    const part = this.#bytes.slice(this.#offset, this.#offset + length);
    this.#offset += length;
    return part;
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u16le(): number {
    return new DataView(this.take(2).buffer).getUint16(0, true);
  }

  u32le(): number {
    return new DataView(this.take(4).buffer).getUint32(0, true);
  }

  /** @throws PortalError "format" beyond 2^53 - 1, which no length or counter here reaches */
  u64le(): number {
    const value = new DataView(this.take(8).buffer).getBigUint64(0, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new PortalError("format", "number too large");
    return Number(value);
  }

  end(): void {
    if (this.left !== 0) throw new PortalError("format", "has bytes left over");
  }
}
