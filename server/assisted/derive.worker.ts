/** Argon2id off the event loop: words in, a mailbox's keys out. */
import * as nodeCrypto from "node:crypto";
import { parentPort } from "node:worker_threads";
import { deriveMailbox, type Stretch } from "../../crypto/keys.ts";
import { wipe } from "../../crypto/sodium.ts";

export interface DeriveOrder {
  /** The canonical words of a receipt code. */
  words: string;
  portalId: Uint8Array;
}

/** Node's own is twice as fast as WebAssembly: under a flood that is twice as many people. Node has it from 24.7 on. */
const native: Stretch | undefined =
  typeof nodeCrypto.argon2Sync === "function"
    ? (message, nonce, passes, memory) =>
        nodeCrypto.argon2Sync("argon2id", {
          message,
          nonce,
          passes,
          memory: memory / 1024,
          parallelism: 1,
          tagLength: 32,
        })
    : undefined;

parentPort?.on("message", ({ words, portalId }: DeriveOrder) => {
  const mailbox = deriveMailbox(words, portalId, native);
  parentPort?.postMessage(mailbox); // a copy
  wipe(mailbox.sign.secretKey, mailbox.kem.secretKey, mailbox.wrap);
});
