/**
 * The only import of libsodium (1.0.22, WebAssembly, sumo build). Importing this module waits
 * until it is ready, so that no caller has to. What libsodium calls privateKey is secretKey
 * everywhere else.
 */
import sodium from "libsodium-wrappers-sumo";
import { PortalError } from "./errors.ts";

await sodium.ready;

export { sodium };

export interface KeyPair {
  publicKey: Uint8Array;
  secretKey: Uint8Array;
}

function renamed(pair: { publicKey: Uint8Array; privateKey: Uint8Array }): KeyPair {
  return { publicKey: pair.publicKey, secretKey: pair.privateKey };
}

export function signKeyPair(seed: Uint8Array): KeyPair {
  return renamed(sodium.crypto_sign_seed_keypair(seed));
}

export function boxKeyPair(seed: Uint8Array): KeyPair {
  return renamed(sodium.crypto_box_seed_keypair(seed));
}

export function generateBoxKeyPair(): KeyPair {
  return renamed(sodium.crypto_box_keypair());
}

/** X-Wing (draft-connolly-cfrg-xwing-kem): the secret key is the 32-byte seed itself. */
export function kemKeyPair(seed: Uint8Array): KeyPair {
  return renamed(sodium.crypto_kem_xwing_seed_keypair(seed));
}

export function generateKemKeyPair(): KeyPair {
  return renamed(sodium.crypto_kem_xwing_keypair());
}

export function randomBytes(length: number): Uint8Array {
  return sodium.randombytes_buf(length);
}

/** Random bytes in bulk: WebCrypto's generator is many times as fast as the wrapper's. */
export function fillRandom(target: Uint8Array<ArrayBuffer>): void {
  for (let i = 0; i < target.length; i += 65_536) crypto.getRandomValues(target.subarray(i, i + 65_536));
}

export function wipe(...secrets: Uint8Array[]): void {
  for (const secret of secrets) sodium.memzero(secret);
}

/** Opens a sealed box, or answers null when it is not for this key (or was altered: the same). */
export function openSealedBox(sealed: Uint8Array, pair: KeyPair): Uint8Array | null {
  if (sealed.length < sodium.crypto_box_SEALBYTES) return null;
  try {
    return sodium.crypto_box_seal_open(sealed, pair.publicKey, pair.secretKey);
  } catch {
    return null;
  }
}

/** @throws PortalError "forged" when the authenticator does not fit */
export function decryptX(box: Uint8Array, nonce: Uint8Array, ad: Uint8Array, key: Uint8Array): Uint8Array {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, box, ad, nonce, key);
  } catch (cause) {
    throw new PortalError("forged", "does not decrypt", { cause });
  }
}

export function encryptX(plain: Uint8Array, nonce: Uint8Array, ad: Uint8Array, key: Uint8Array): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, ad, null, nonce, key);
}

/** Incremental SHA-256 (FIPS 180-4), for streams; WebCrypto has none. */
export class Sha256 {
  readonly #state = sodium.crypto_hash_sha256_init();

  update(bytes: Uint8Array): void {
    sodium.crypto_hash_sha256_update(this.#state, bytes);
  }

  digest(): Uint8Array {
    return sodium.crypto_hash_sha256_final(this.#state);
  }
}
