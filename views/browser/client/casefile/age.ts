/**
 * A case file sealed to an outside lawyer's age key (age-encryption.org/v1, X25519), by the package age-encryption: the
 * lawyer opens it with the program age, or with any other that knows the format. It streams through; no more than a few
 * pieces of it are in memory.
 */
import { Encrypter } from "age-encryption";

declare const brand: unique symbol;
/** age1…, checked. */
export type AgeRecipient = string & { readonly [brand]: "AgeRecipient" };

/** Why a text is no key that a case file can be sealed to. */
export const recipientProblems = [
  "empty",
  "secret",
  "ssh",
  "plugin",
  "hybrid",
  "several",
  "mistyped",
  "other",
] as const;
export type RecipientProblem = (typeof recipientProblems)[number];

export type CheckedRecipient = { is: "recipient"; recipient: AgeRecipient } | { is: "wrong"; why: RecipientProblem };

/** Lower case, no 1, b, i, o behind the separator: Bech32, here of 32 bytes. */
const x25519Text = /^age1[ac-hj-np-z02-9]{58}$/;
const plainLength = 62;

/**
 * Reads what somebody typed or pasted. The answer never repeats it; where `why` is "secret" the field must be emptied,
 * because what stands in it opens everything that was ever sealed to that lawyer.
 */
export function checkRecipient(text: string): CheckedRecipient {
  const trimmed = text.trim();
  const problem = findProblem(trimmed);
  if (problem !== null) return { is: "wrong", why: problem };
  return { is: "recipient", recipient: trimmed as AgeRecipient };
}

function findProblem(text: string): RecipientProblem | null {
  if (text === "") return "empty";
  // Wherever it stands: age-keygen writes both keys into one file, and the whole of it is quickly pasted.
  if (/AGE-(?:SECRET-KEY|PLUGIN)-|PRIVATE KEY/i.test(text)) return "secret";
  if (/\s/.test(text) && (text.match(/\bage1/g) ?? []).length > 1) return "several";
  if (/^(?:ssh-|ecdsa-sha2-|sk-)/.test(text)) return "ssh";
  if (/^age1(?:pq|tagpq)1/.test(text)) return "hybrid";
  // The name of the plugin stands between two separators; in a plain key a second 1 is a mistaken l.
  if (/^age1[a-z0-9+._-]*1/.test(text) && text.length !== plainLength) return "plugin";
  if (!/^age1\S*$/i.test(text)) return "other";
  return x25519Text.test(text) && hasRightSum(text) ? null : "mistyped";
}

function hasRightSum(text: string): boolean {
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The age file of what `plaintext` brings; `sealedLength` says how long it will be. Cancelling it cancels `plaintext`,
 * and where that breaks off this does: what was read by then is no age file that opens.
 */
export function sealToAge(
  recipient: AgeRecipient,
  plaintext: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  let sealed: ReadableStreamDefaultReader<Uint8Array> | null = null;
  return new ReadableStream(
    {
      async pull(controller) {
        sealed ??= (await encrypter.encrypt(plaintext)).getReader();
        const { done, value } = await sealed.read();
        if (done) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      },
      async cancel(reason) {
        await (sealed ?? plaintext).cancel(reason);
      },
    },
    // Nothing is sealed before somebody reads.
    { highWaterMark: 0 },
  );
}

/** Version, one X25519 stanza and the MAC: of one length, whoever it is for. */
const headerBytes =
  "age-encryption.org/v1\n".length + "-> X25519 \n".length + 43 + 43 + "\n".length + "--- \n".length + 43;
const nonceBytes = 16;
const chunkBytes = 64 * 1024;
const tagBytes = 16;

/** Bytes of the age file of `bytes` bytes. An empty text has a chunk as well. */
export function sealedLength(bytes: number): number {
  return headerBytes + nonceBytes + bytes + tagBytes * Math.max(1, Math.ceil(bytes / chunkBytes));
}
