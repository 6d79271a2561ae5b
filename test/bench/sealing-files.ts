/** Sealing an attachment against the bare secretstream, and against secretstream with the hashes that a manifest needs. Runs in Node and in a browser's worker. */
import { sealObject, type NewFile } from "../../crypto/attachments.ts";
import { fillRandom, randomBytes, Sha256, sodium } from "../../crypto/sodium.ts";
import { chunkBytes } from "../../crypto/stream.ts";
import { compare, type Round, type Row } from "./measure.ts";

const place = { portalId: randomBytes(32), caseId: randomBytes(32), envId: randomBytes(16) };
const ad = new Uint8Array(32);

export interface FileSize {
  what: string;
  bytes: number;
  rounds?: number;
}

/** One chunk of noise over and over: a gigabyte needs no gigabyte of memory. */
function* chunksOf(bytes: number): Generator<Uint8Array> {
  const chunk = new Uint8Array(chunkBytes);
  fillRandom(chunk);
  for (let left = bytes; left > 0; left -= chunkBytes) yield chunk.subarray(0, Math.min(chunkBytes, left));
}

/** As many files in a row as make at least 4 MB, so that a round of small ones can be timed. */
function megabytesPerSecond(bytes: number, act: () => Promise<void>): Round {
  const times = Math.max(1, Math.ceil(4e6 / bytes));
  return async () => {
    const start = performance.now();
    for (let i = 0; i < times; i++) await act();
    return (times * bytes) / 1e6 / ((performance.now() - start) / 1000);
  };
}

/** Two rows: against the cipher alone, and against the cipher with both hashes. */
export async function measureFileSealing({ what, bytes, rounds }: FileSize): Promise<Row[]> {
  const file: NewFile = {
    name: "bench.bin",
    type: "application/octet-stream",
    size: bytes,
    async *read() {
      yield* chunksOf(bytes);
    },
  };
  const seal = async (): Promise<void> => void (await sealObject([file], place, async () => {}));
  const key = randomBytes(32);
  const push = (digests: boolean) => async (): Promise<void> => {
    const { state } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    const [inner, outer] = [new Sha256(), new Sha256()];
    let left = bytes;
    for (const chunk of chunksOf(bytes)) {
      left -= chunk.length;
      const out = sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, ad, left === 0 ? 3 : 0);
      if (!digests) continue;
      inner.update(chunk);
      outer.update(out);
    }
    inner.digest();
    outer.digest();
  };
  const against = (floor: string): Pick<Row, "what" | "unit" | "against"> => ({ what, unit: "MB/s", against: floor });
  const ours = megabytesPerSecond(bytes, seal);
  return [
    await compare(against("bare secretstream"), ours, megabytesPerSecond(bytes, push(false)), rounds),
    await compare(against("secretstream + two SHA-256"), ours, megabytesPerSecond(bytes, push(true)), rounds),
  ];
}
