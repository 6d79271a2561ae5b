/**
 * Makes the vectors afresh: `node test/vectors/generate.ts` writes test/vectors/*.json. What is
 * random stands in the files, so that opening them gives the same on every machine.
 */
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Collection } from "./collection.ts";
import { makeBasics } from "./make-basics.ts";
import { makeEnvelopes } from "./make-envelopes.ts";
import { makeLog } from "./make-log.ts";
import { makeRecords } from "./make-records.ts";
import { makeRequests } from "./make-requests.ts";
import { makeSlots } from "./make-slots.ts";
import { makeTeamStream } from "./make-team.ts";
import type { VectorFile } from "./suite.ts";

export async function generateVectors(): Promise<{ [name: string]: VectorFile }> {
  const collection = new Collection();
  await makeBasics(collection);
  await makeRecords(collection);
  await makeLog(collection);
  await makeRequests(collection);
  await makeEnvelopes(collection);
  await makeTeamStream(collection);
  await makeSlots(collection);
  return collection.files;
}

async function writeVectors(): Promise<void> {
  const here = import.meta.dirname;
  for (const name of await readdir(here)) if (name.endsWith(".json")) await rm(join(here, name));
  const files = Object.entries(await generateVectors());
  for (const [name, file] of files) await writeFile(join(here, name), `${JSON.stringify(file, null, 1)}\n`);
  console.log(`${files.length} files`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await writeVectors();
