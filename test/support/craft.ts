/**
 * Makes an envelope again as a strange or hostile holder of its keys would: with another header,
 * content, padding or stream, but signed and sealed so that only the check under test can refuse it.
 */
import { concat, equal } from "../../crypto/bytes.ts";
import { bodyAd, bodyKeyOf, plainHashOf } from "../../crypto/envelope/seal.ts";
import {
  formatFixedHeader,
  formatHeader,
  isReporters,
  reporterSignedParts,
  type Envelope,
  type Header,
} from "../../crypto/envelope/wire.ts";
import type { CaseKey, MemberSecrets, TeamKey } from "../../crypto/keys.ts";
import { padText, unpadText } from "../../crypto/padding.ts";
import { sign, signatureBytes, type SignatureLabel } from "../../crypto/signature.ts";
import { sodium, type KeyPair } from "../../crypto/sodium.ts";
import { chunkBytes, openChunks, startOpening } from "../../crypto/stream.ts";

export interface Crafting {
  header?: (header: Header) => Header;
  /** The content: a reporter's JSON; a member's person id and JSON, without the signature. */
  content?: (content: Uint8Array) => Uint8Array;
  /** The padded body. */
  padded?: (padded: Uint8Array) => Uint8Array;
  /** secretstream tags, one for each chunk; 3 is FINAL. */
  tags?: (chunks: number) => number[];
  /** The mailbox that signs a report or message; without, the old signature stays. */
  outside?: KeyPair;
  /** Who signs what a member wrote. */
  inside?: MemberSecrets;
  /** Under which label; the kind's own. */
  label?: SignatureLabel;
}

function bodyOf({ header, headerBytes, chunks }: Envelope, key: CaseKey | TeamKey): Uint8Array {
  return openChunks(startOpening(bodyKeyOf(key, header.envId), header.streamHeader, bodyAd(headerBytes)), chunks);
}

/** `key` opens the envelope and seals the new one. */
export function recraft(envelope: Envelope, key: CaseKey | TeamKey, how: Crafting): Envelope {
  const { kind } = envelope.header;
  const label = how.label ?? kind;
  const drafted = how.header?.(envelope.header) ?? envelope.header;
  const plain = unpadText(bodyOf(envelope, key));
  const change = how.content ?? ((content: Uint8Array) => content);
  let content: Uint8Array;
  if (isReporters(kind)) content = change(plain);
  else if (how.inside === undefined) {
    // Nobody signs anew: only a header unchanged through objHash still fits the old signature.
    content = concat(plain.subarray(0, signatureBytes), change(plain.subarray(signatureBytes)));
  } else {
    const rest = change(plain.subarray(signatureBytes));
    const signature = sign(how.inside.sign.secretKey, label, formatFixedHeader(drafted), plainHashOf(rest));
    content = concat(signature, rest);
  }
  const padded = how.padded?.(padText(content)) ?? padText(content);

  const stream = sodium.crypto_secretstream_xchacha20poly1305_init_push(bodyKeyOf(key, drafted.envId));
  const header = { ...drafted, streamHeader: stream.header };
  const headerBytes = formatHeader(header);
  const ad = bodyAd(headerBytes);
  const count = Math.max(1, Math.ceil(padded.length / chunkBytes));
  const tags = how.tags?.(count) ?? Array.from({ length: count }, (_, i) => (i === count - 1 ? 3 : 0));
  const chunks = concat(
    ...tags.map((tag, i) => {
      const piece = padded.subarray(i * chunkBytes, (i + 1) * chunkBytes);
      return sodium.crypto_secretstream_xchacha20poly1305_push(stream.state, piece, ad, tag);
    }),
  );
  const outside = isReporters(kind) ? how.outside : undefined;
  const signature =
    outside === undefined
      ? envelope.signature
      : sign(outside.secretKey, label, ...reporterSignedParts(headerBytes, chunks));
  return { header, headerBytes, chunks, signature, slots: envelope.slots };
}

/** The same bytes with one bit flipped. */
export function flipped(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const copy = Uint8Array.from(bytes); // a Buffer's slice would change the original
  copy[at]! ^= 1 << bit;
  return copy;
}

/** Where `part` stands in `whole`; a test that damages a part must hit it. */
export function offsetOf(whole: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at + part.length <= whole.length; at++)
    if (whole[at] === part[0] && equal(whole.subarray(at, at + part.length), part)) return at;
  throw new Error("the part is not there");
}
