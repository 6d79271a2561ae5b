/**
 * PROTOCOL.md §5: secretstream in chunks of 64 KiB. Tag 0 on every chunk but the last, FINAL on
 * the last and only there. libsodium itself would go on after FINAL and accept any tag.
 */
import { concat } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { sodium } from "./sodium.ts";

export const chunkBytes = 64 * 1024;
export const chunkOverhead = 17; // crypto_secretstream_xchacha20poly1305_ABYTES
export const streamHeaderBytes = 24;
const tagMessage = 0;
const tagFinal = 3;

export interface Sealing {
  header: Uint8Array;
  /** Seals the next chunk: exactly chunkBytes long unless it is the last. */
  push(plain: Uint8Array, last: boolean): Uint8Array;
}

export interface Opening {
  /** Opens the next chunk. @throws PortalError "forged" */
  pull(sealed: Uint8Array, last: boolean): Uint8Array;
}

/** `bind` gives the associated data once the stream's header is known (a body's AD covers it). */
export function startSealing(key: Uint8Array, bind: (header: Uint8Array) => Uint8Array): Sealing {
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  const ad = bind(header);
  let done = false;
  return {
    header,
    push(plain, last) {
      if (done || (!last && plain.length !== chunkBytes) || plain.length > chunkBytes)
        throw new PortalError("format", "chunk out of place");
      done = last;
      return sodium.crypto_secretstream_xchacha20poly1305_push(state, plain, ad, last ? tagFinal : tagMessage);
    },
  };
}

export function startOpening(key: Uint8Array, header: Uint8Array, ad: Uint8Array): Opening {
  if (header.length !== streamHeaderBytes) throw new PortalError("format", "stream header has a wrong length");
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
  let done = false;
  return {
    pull(sealed, last) {
      const length = sealed.length - chunkOverhead;
      if (done || length < 0 || length > chunkBytes || (!last && length !== chunkBytes))
        throw new PortalError("format", "chunk out of place");
      done = last;
      const pulled = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, ad);
      if (pulled === false) throw new PortalError("forged", "a chunk was altered, moved or is missing");
      if (pulled.tag !== (last ? tagFinal : tagMessage))
        throw new PortalError("forged", "the stream was cut or joined");
      return pulled.message;
    },
  };
}

/** Sealed length of `length` plain bytes; an empty plaintext is one empty chunk. */
export function sealedStreamBytes(length: number): number {
  return length + chunkOverhead * Math.max(1, Math.ceil(length / chunkBytes));
}

/** Plain length for a sealed length, or null where no plaintext gives it. */
export function plainStreamBytes(sealedLength: number): number | null {
  const chunks = Math.max(1, Math.ceil(sealedLength / (chunkBytes + chunkOverhead)));
  const length = sealedLength - chunks * chunkOverhead;
  return length >= 0 && sealedStreamBytes(length) === sealedLength ? length : null;
}

/** Seals a short plaintext that is in memory anyway. */
export function sealChunks(sealing: Sealing, plain: Uint8Array): Uint8Array {
  const sealed: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < plain.length; at += chunkBytes)
    sealed.push(sealing.push(plain.subarray(at, at + chunkBytes), at + chunkBytes >= plain.length));
  return concat(...sealed);
}

/** Opens what sealChunks made: every chunk, exactly one FINAL, nothing behind it. */
export function openChunks(opening: Opening, sealed: Uint8Array): Uint8Array {
  const plain: Uint8Array[] = [];
  const step = chunkBytes + chunkOverhead;
  for (let at = 0; at === 0 || at < sealed.length; at += step)
    plain.push(opening.pull(sealed.subarray(at, at + step), at + step >= sealed.length));
  return concat(...plain);
}
