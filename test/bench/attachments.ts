/** Attachments against the bare secretstream, and against secretstream with the hashes that a manifest needs. */
import { openFile, sealObject, type NewFile } from "../../crypto/attachments.ts";
import { randomBytes, Sha256, sodium } from "../../crypto/sodium.ts";
import { chunkBytes } from "../../crypto/stream.ts";
import { compare, type Round, type Row } from "./measure.ts";

const fileBytes = 31 * 1024 * 1024; // padded to 32 MiB
const place = { portalId: randomBytes(32), caseId: randomBytes(32), envId: randomBytes(16) };
const ad = new Uint8Array(32);

const megabytesPerSecond =
  (act: () => Promise<void>): Round =>
  async () => {
    const start = performance.now();
    await act();
    return fileBytes / 1e6 / ((performance.now() - start) / 1000);
  };

export async function measureAttachments(): Promise<Row[]> {
  const plain = new Uint8Array(fileBytes);
  for (let at = 0; at < fileBytes; at += 65_536) crypto.getRandomValues(plain.subarray(at, at + 65_536));
  const file: NewFile = {
    name: "bench.bin",
    type: "application/octet-stream",
    size: fileBytes,
    async *read() {
      for (let at = 0; at < fileBytes; at += chunkBytes) yield plain.subarray(at, at + chunkBytes);
    },
  };

  const pieces: Uint8Array[] = [];
  const sealed = await sealObject([file], place, async (piece) => void pieces.push(piece.slice()));
  const entry = sealed.files[0]!;
  const object = new Uint8Array(sealed.length);
  let filled = 0;
  for (const piece of pieces.splice(0)) {
    object.set(piece, filled);
    filled += piece.length;
  }
  async function* stored(): AsyncGenerator<Uint8Array> {
    const end = entry.offset + entry.length;
    for (let at = entry.offset; at < end; at += 256 * 1024) yield object.subarray(at, Math.min(end, at + 256 * 1024));
  }

  const seal = async (): Promise<void> => void (await sealObject([file], place, async () => {}));
  const open = async (): Promise<void> => {
    for await (const piece of openFile(entry, 0, place, stored())) if (piece.length === 0) throw new Error("empty");
  };
  const key = randomBytes(32);
  const pushed: Uint8Array[] = [];
  let header = new Uint8Array();
  /** `digests`: hashes over the plain and over the sealed bytes, as sealObject keeps them. */
  const push =
    (digests: boolean, keep = false) =>
    async (): Promise<void> => {
      const init = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
      header = Uint8Array.from(init.header);
      const [inner, outer] = [new Sha256(), new Sha256()];
      for (let at = 0; at < fileBytes; at += chunkBytes) {
        const chunk = plain.subarray(at, at + chunkBytes);
        const tag = at + chunkBytes >= fileBytes ? 3 : 0;
        const out = sodium.crypto_secretstream_xchacha20poly1305_push(init.state, chunk, ad, tag);
        if (digests) {
          inner.update(chunk);
          outer.update(out);
        }
        if (keep) pushed.push(out);
      }
    };
  await push(false, true)();
  const pullHeader = header;
  const pull = (digests: boolean) => async (): Promise<void> => {
    const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(pullHeader, key);
    const inner = new Sha256();
    for (const chunk of pushed) {
      const pulled = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, ad);
      if (pulled === false) throw new Error("does not open");
      if (digests) inner.update(pulled.message);
    }
  };
  const row = (what: string, against: string): Pick<Row, "what" | "unit" | "against"> => ({
    what,
    unit: "MB/s",
    against,
  });
  const [ours, bare] = [megabytesPerSecond, "bare secretstream"];
  return [
    await compare(row("attachment sealed", bare), ours(seal), ours(push(false))),
    await compare(row("attachment sealed", "secretstream + two SHA-256"), ours(seal), ours(push(true))),
    await compare(row("attachment opened", bare), ours(open), ours(pull(false))),
    await compare(row("attachment opened", "secretstream + one SHA-256"), ours(open), ours(pull(true))),
  ];
}
