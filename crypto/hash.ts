/** PROTOCOL.md §2: the labelled hash H and the key derivation D, from which everything else derives. */
import { concat, u32le, u8, utf8 } from "./bytes.ts";
import { sodium } from "./sodium.ts";

const kdfContext = "tellhvn1";

/**
 * H(length, key; label, parts…) = BLAKE2b(length, key; u8(|label|) ‖ label ‖ Σ u32le(|part|) ‖ part).
 * Every part carries its length, so no two lists of parts hash the same bytes.
 */
export function hash(length: number, key: Uint8Array | null, label: string, ...parts: Uint8Array[]): Uint8Array {
  const framed = parts.flatMap((part) => [u32le(part.length), part]);
  const name = utf8(label);
  return sodium.crypto_generichash(length, concat(u8(name.length), name, ...framed), key);
}

/** D(key, i) = crypto_kdf_derive_from_key(32, i, "tellhvn1", key). */
export function derive(key: Uint8Array, index: number): Uint8Array {
  return sodium.crypto_kdf_derive_from_key(32, index, kdfContext, key);
}
