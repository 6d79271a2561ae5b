/** Argon2id off the event loop: words in, a mailbox's keys out. */
import { parentPort } from "node:worker_threads";
import { deriveMailbox } from "../../crypto/keys.ts";
import { wipe } from "../../crypto/sodium.ts";

export interface DeriveOrder {
  /** The canonical words of a receipt code. */
  words: string;
  portalId: Uint8Array;
}

parentPort?.on("message", ({ words, portalId }: DeriveOrder) => {
  const mailbox = deriveMailbox(words, portalId);
  parentPort?.postMessage(mailbox); // a copy
  wipe(mailbox.sign.secretKey, mailbox.kem.secretKey, mailbox.wrap);
});
