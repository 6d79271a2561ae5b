/**
 * PROTOCOL.md §18: checkpoints, what the log is at one size, as signed notes that other people's tools read
 * (C2SP tlog-checkpoint over C2SP signed-note, Ed25519). No time stands in one.
 */
import { concat, equal, fromBase64, toBase64, toHex, u8, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { leavesPerDayStep } from "./log.ts";
import { emptyRoot, type TreeHead } from "./log-tree.ts";
import { sodium, type KeyPair } from "./sodium.ts";

const ed25519 = 1;

/** The log's name for others, and the name of its key: no blank and no plus stands in it. */
export function logOrigin(portalId: Uint8Array): string {
  return `tellhaven-log/${toHex(portalId)}`;
}

/** First four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key). */
function keyIdOf(origin: string, logKey: Uint8Array): Uint8Array {
  return sodium.crypto_hash_sha256(concat(utf8(`${origin}\n`), u8(ed25519), logKey)).subarray(0, 4);
}

function textOf({ size, root }: TreeHead, origin: string): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** origin, size and root on a line each ‖ blank line ‖ "— " ‖ origin ‖ blank ‖ base64(key id ‖ signature) ‖ newline. */
export function signCheckpoint(head: TreeHead, portalId: Uint8Array, log: KeyPair): string {
  const origin = logOrigin(portalId);
  const text = textOf(head, origin);
  const signature = sodium.crypto_sign_detached(utf8(text), log.secretKey);
  return `${text}\n— ${origin} ${toBase64(concat(keyIdOf(origin, log.publicKey), signature))}\n`;
}

/**
 * What a checkpoint of this portal's log says, once its signature fits. One line of signature, no extension, and
 * whole days only: another size would tell how much was written on one.
 * @throws PortalError "format" | "forged"
 */
export function openCheckpoint(text: string, portalId: Uint8Array, logKey: Uint8Array): TreeHead {
  const [origin = "", size = "", root = "", blank, signed = "", end, ...more] = text.split("\n");
  const shape = /^— (\S+) (\S+)$/.exec(signed);
  if (shape === null || blank !== "" || end !== "" || more.length > 0 || !/^(?:0|[1-9]\d{0,15})$/.test(size))
    throw new PortalError("format", "not a checkpoint");
  const head = { size: Number(size), root: fromBase64(root, 32) };
  if (!Number.isSafeInteger(head.size) || head.size % leavesPerDayStep !== 0)
    throw new PortalError("format", "no size of a checkpoint");
  const parts = fromBase64(shape[2]!, 4 + 64);
  const own = logOrigin(portalId);
  if (origin !== own || shape[1] !== own) throw new PortalError("forged", "a checkpoint of another log");
  if (!equal(parts.subarray(0, 4), keyIdOf(own, logKey)))
    throw new PortalError("forged", "a checkpoint signed with another key");
  if (!sodium.crypto_sign_verify_detached(parts.subarray(4), utf8(textOf(head, own)), logKey))
    throw new PortalError("forged", "the checkpoint's signature does not fit");
  if (head.size === 0 && !equal(head.root, emptyRoot)) throw new PortalError("forged", "an empty log has another root");
  return head;
}
