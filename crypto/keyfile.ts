/**
 * PROTOCOL.md §10: the key file: Argon2id and XChaCha20-Poly1305 around the current and former
 * seeds of a member or of the charter. JSON, so that its holder sees what it is.
 */
import { concat, fromBase64, fromHex, Reader, toBase64, toHex, u32le, u8, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { base64Of, count, hexOf, parseJson, textUpTo, z } from "./shape.ts";
import { decryptX, encryptX, randomBytes, sodium, wipe } from "./sodium.ts";

export type KeyPurpose = "member" | "charter";

/** Argon2id's passes and memory. */
export interface KeyFileCost {
  ops: number;
  memoryKiB: number;
}

const usualCost: KeyFileCost = { ops: 3, memoryKiB: 256 * 1024 };
// Bounds are checked before any memory is taken: a planted file must not hang or crash the tab.
/** The cheapest file that opens. */
export const leastCost: KeyFileCost = { ops: 1, memoryKiB: 8 * 1024 };
const mostCost: KeyFileCost = { ops: 10, memoryKiB: 1024 * 1024 };

const keyFileShape = z.strictObject({
  format: z.literal("tellhaven-key-1"),
  purpose: z.enum(["member", "charter"]),
  /** For its holder's eyes; authenticated. */
  label: textUpTo(200),
  portalId: hexOf(32),
  kdf: z.strictObject({ name: z.literal("argon2id13"), ops: count, memoryKiB: count, salt: base64Of(16) }),
  nonce: base64Of(24),
  box: textUpTo(8192),
});

type KeyFile = z.infer<typeof keyFileShape>;

export interface OpenedKeyFile {
  purpose: KeyPurpose;
  label: string;
  portalId: Uint8Array;
  /** Current seed first, former ones behind it. */
  seeds: Uint8Array[];
}

function associatedData(file: Omit<KeyFile, "nonce" | "box">): Uint8Array {
  const kdf = concat(u32le(file.kdf.ops), u32le(file.kdf.memoryKiB), fromBase64(file.kdf.salt, 16));
  return hash(32, null, "th1/keyfile", utf8(file.purpose), utf8(file.label), fromHex(file.portalId, 32), kdf);
}

function stretch(passphrase: string, kdf: KeyFile["kdf"]): Uint8Array {
  const salt = fromBase64(kdf.salt, 16);
  const algorithm = sodium.crypto_pwhash_ALG_ARGON2ID13;
  return sodium.crypto_pwhash(32, utf8(passphrase.normalize("NFC")), salt, kdf.ops, kdf.memoryKiB * 1024, algorithm);
}

/** The text of a key file. Takes about a second, on purpose; for another `cost` more or less. */
export function sealKeyFile(
  seeds: Uint8Array[],
  passphrase: string,
  of: { purpose: KeyPurpose; label: string; portalId: Uint8Array },
  { ops, memoryKiB }: KeyFileCost = usualCost,
): string {
  const kdf = { name: "argon2id13" as const, ops, memoryKiB, salt: toBase64(randomBytes(16)) };
  const head = { format: "tellhaven-key-1" as const, ...of, portalId: toHex(of.portalId), kdf };
  const key = stretch(passphrase, kdf);
  const plain = concat(u8(seeds.length), ...seeds);
  try {
    const nonce = randomBytes(24);
    const box = encryptX(plain, nonce, associatedData(head), key);
    return `${JSON.stringify({ ...head, nonce: toBase64(nonce), box: toBase64(box) }, null, 2)}\n`;
  } finally {
    wipe(key, plain);
  }
}

/** Reads what a key file says of itself, unauthenticated. @throws PortalError "format" */
export function parseKeyFile(bytes: Uint8Array): KeyFile {
  return parseJson(keyFileShape, bytes, "key file");
}

/** @throws PortalError "format" (not a key file) | "refused" (cost out of bounds) | "forged" (wrong passphrase or altered) */
export function openKeyFile(bytes: Uint8Array, passphrase: string): OpenedKeyFile {
  const file = parseKeyFile(bytes);
  const isWithin = (cost: keyof KeyFileCost): boolean =>
    file.kdf[cost] >= leastCost[cost] && file.kdf[cost] <= mostCost[cost];
  if (!isWithin("ops") || !isWithin("memoryKiB"))
    throw new PortalError("refused", "the key file asks for unreasonable work");
  const key = stretch(passphrase, file.kdf);
  try {
    const plain = decryptX(fromBase64(file.box), fromBase64(file.nonce, 24), associatedData(file), key);
    const reader = new Reader(plain);
    const seeds = Array.from({ length: reader.u8() }, () => reader.take(32));
    reader.end();
    wipe(plain);
    if (seeds.length === 0) throw new PortalError("format", "the key file holds no key");
    return { purpose: file.purpose, label: file.label, portalId: fromHex(file.portalId, 32), seeds };
  } finally {
    wipe(key);
  }
}
