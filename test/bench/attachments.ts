/** Attachments in Node: sealing as in sealing-files.ts; opening against the bare secretstream, and with the hash that is checked. */
import { openFile, sealObject, type NewFile } from "../../crypto/attachments.ts";
import { fillRandom, randomBytes, Sha256, sodium } from "../../crypto/sodium.ts";
import { chunkBytes } from "../../crypto/stream.ts";
import { compare, type Round, type Row } from "./measure.ts";
import { measureFileSealing } from "./sealing-files.ts";

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

async function measureOpening(): Promise<Row[]> {
  const plain = new Uint8Array(fileBytes);
  fillRandom(plain);
  const chunks = Array.from({ length: Math.ceil(fileBytes / chunkBytes) }, (_, i) =>
    plain.subarray(i * chunkBytes, (i + 1) * chunkBytes),
  );
  const file: NewFile = {
    name: "bench.bin",
    type: "application/octet-stream",
    size: fileBytes,
    async *read() {
      yield* chunks;
    },
  };
  const pieces: Uint8Array[] = [];
  const sealed = await sealObject([file], place, async (piece) => void pieces.push(piece.slice()));
  const entry = sealed.files[0]!;
  const object = Buffer.concat(pieces);
  async function* stored(): AsyncGenerator<Uint8Array> {
    const end = entry.offset + entry.length;
    for (let at = entry.offset; at < end; at += 256 * 1024) yield object.subarray(at, Math.min(end, at + 256 * 1024));
  }
  const open = async (): Promise<void> => {
    for await (const piece of openFile(entry, 0, place, stored())) if (piece.length === 0) throw new Error("empty");
  };

  const key = randomBytes(32);
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  const pushed = chunks.map((chunk, i) =>
    sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, ad, i === chunks.length - 1 ? 3 : 0),
  );
  const pull = (digest: boolean) => async (): Promise<void> => {
    const pulling = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
    const inner = new Sha256();
    for (const chunk of pushed) {
      const pulled = sodium.crypto_secretstream_xchacha20poly1305_pull(pulling, chunk, ad);
      if (pulled === false) throw new Error("does not open");
      if (digest) inner.update(pulled.message);
    }
  };
  const row = (against: string): Pick<Row, "what" | "unit" | "against"> => ({
    what: "attachment opened, 31 MiB",
    unit: "MB/s",
    against,
  });
  const ours = megabytesPerSecond(open);
  return [
    await compare(row("bare secretstream"), ours, megabytesPerSecond(pull(false))),
    await compare(row("secretstream + one SHA-256"), ours, megabytesPerSecond(pull(true))),
  ];
}

export async function measureAttachments(): Promise<Row[]> {
  return [
    ...(await measureFileSealing({ what: "attachment sealed, 31 MiB", bytes: fileBytes })),
    ...(await measureOpening()),
  ];
}
