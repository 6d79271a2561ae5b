/** Fills the disk at the folder given, frees it again, and prints what the stores said, as JSON. */
import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openObjectStore } from "../../server/storage/objects.ts";
import { openSqliteKeyring } from "../../server/storage/keyring.ts";
import { openSqliteStore } from "../../server/storage/sqlite.ts";
import { collect, inChunks, newCase, random } from "./store-rows.ts";

/** What storage-full-disk.test.ts reads. */
export interface FullDiskFindings {
  acknowledged: number;
  refusals: string[];
  readWhileFull: boolean;
  objectRefusal: string;
  objectBytes: number;
  keyringRefusal: string;
  afterwards: { stored: string; objectBytes: number; keyring: boolean };
  freeBytes: { full: number; freed: number };
  lostAfterReopening: number;
}

const [dir] = process.argv.slice(2) as [string];
const database = join(dir, "portal.sqlite");
const ballast = join(dir, "ballast");
const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => "none",
    (cause: { code: string }) => cause.code,
  );

const keyring = await openSqliteKeyring(join(dir, "keyring.sqlite"));
const store = await openSqliteStore(database);
const objects = openObjectStore(join(dir, "objects"));
writeFileSync(ballast, random(2_000_000));

const envId = random(16);
await objects.appendPart(envId, 0, inChunks(random(50_000)), 1e9);
const acknowledged: Uint8Array[] = [];
const refusals = new Set<string>();
for (let round = 0; round < 500 && refusals.size === 0; round++) {
  const cases = Array.from({ length: 8 }, () => newCase());
  await Promise.all(
    cases.map((one) =>
      store.admitCase(one).then(
        () => acknowledged.push(one.row.idx),
        (cause: { code: string }) => refusals.add(cause.code),
      ),
    ),
  );
}
// Many chunks: the last ones find no room, the first ones may have.
const big = Array.from({ length: 100 }, () => random(60_000));
const objectRefusal = await codeOf(objects.appendPart(envId, 50_000, inChunks(...big), 1e9));
const objectBytes = statSync(join(dir, "objects", Buffer.from(envId).toString("hex"))).size;
// What the object gave back is taken by something else.
for (let bytes = 65_536; bytes >= 512; bytes /= 2)
  try {
    for (let i = 0; ; i++) writeFileSync(`${ballast}-${bytes}-${i}`, random(bytes));
  } catch {
    // smaller ones may still fit
  }
const keyringRefusal = await codeOf(Promise.all(Array.from({ length: 50 }, () => keyring.put(random(32), random(80)))));
const readWhileFull =
  (await store.findCase(acknowledged[0]!)) !== null && (await collect(objects.read(envId))).length === 50_000;
const full = await objects.freeBytes();

rmSync(ballast);
const last = newCase();
const afterwards = {
  stored: await store.admitCase(last),
  objectBytes: await objects.appendPart(envId, 50_000, inChunks(random(1000)), 1e9),
  keyring: (await keyring.put(random(32), random(80))).length === 80,
};
acknowledged.push(last.row.idx);
const freed = await objects.freeBytes();
await store.close();
await keyring.close();

const reopened = await openSqliteStore(database);
let lostAfterReopening = 0;
for (const idx of acknowledged) if ((await reopened.findCase(idx)) === null) lostAfterReopening++;
await reopened.close();

const findings: FullDiskFindings = {
  acknowledged: acknowledged.length,
  refusals: [...refusals],
  readWhileFull,
  objectRefusal,
  objectBytes,
  keyringRefusal,
  afterwards,
  freeBytes: { full, freed },
  lostAfterReopening,
};
process.stdout.write(JSON.stringify(findings));
