/**
 * Runs the vectors. Free of any environment: Node's tests and a browser's worker hand in the same
 * files and must get the same counts.
 *
 * <construction>.valid.json           cases: input and the output that opening must give
 * <construction>.<what>.<class>.json  one failure: what is changed in a valid case, and the class it must have
 */
import { fromBase64, toBase64 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { openers, Refused } from "./openers.ts";

/** base64; or base64 and then zeros up to a length, for what is mostly padding. */
export type VectorBytes = string | { head: string; zerosTo: number };

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export interface ValidFile {
  construction: string;
  about: string;
  cases: { what: string; input: { [name: string]: Json }; output: Json }[];
}

/** Bytes to cut out of and into a value that is base64. */
export interface Splice {
  at: number;
  remove: number;
  /** base64 */
  insert: string;
}

export interface FailureFile {
  construction: string;
  what: string;
  /** "null" or a PortalError's code; a typed receipt code has classes of its own. */
  class: string;
  /** Which case of the construction's valid file is changed. */
  base: number;
  /** By path, "signed.1.bytes": a new value, or what is spliced into the old one. */
  change: { [path: string]: { value: Json } | { splice: Splice[] } };
}

export type VectorFile = ValidFile | FailureFile;

export interface Result {
  /** File name, and the case's number in it. */
  name: string;
  /** Null: as it should be. */
  problem: string | null;
}

/** What opening gave: its output, "null", or the class of the refusal. */
async function outcomeOf(
  construction: string,
  input: { [name: string]: Json },
): Promise<{ output: string } | { class: string }> {
  const open = openers[construction];
  if (open === undefined) throw new Error(`nothing opens ${construction}`);
  try {
    const output = await open(input);
    return output === null ? { class: "null" } : { output: JSON.stringify(output) };
  } catch (error) {
    if (error instanceof PortalError || error instanceof Refused) return { class: error.code };
    throw error;
  }
}

function spliced(bytes: Uint8Array, { at, remove, insert }: Splice): Uint8Array {
  if (at + remove > bytes.length) throw new Error("a splice reaches past the end");
  return Uint8Array.from([...bytes.subarray(0, at), ...fromBase64(insert), ...bytes.subarray(at + remove)]);
}

/** The input of a failure: its base with the change made. */
export function changed(input: { [name: string]: Json }, change: FailureFile["change"]): { [name: string]: Json } {
  const copy = structuredClone(input);
  for (const [path, how] of Object.entries(change)) {
    const names = path.split(".");
    const last = names.pop()!;
    // Arrays answer to "0", "1", … as objects do.
    let holder = copy;
    for (const name of names) holder = holder[name] as { [name: string]: Json };
    if ("value" in how) holder[last] = how.value;
    else holder[last] = toBase64(how.splice.reduce(spliced, fromBase64(holder[last] as string)));
  }
  return copy;
}

async function runValid(name: string, file: ValidFile, results: Result[]): Promise<void> {
  for (const [i, { input, output }] of file.cases.entries()) {
    const outcome = await outcomeOf(file.construction, input);
    const got = "output" in outcome ? outcome.output : outcome.class;
    results.push({
      name: `${name} ${String(i)}`,
      problem: got === JSON.stringify(output) ? null : `gave ${got.slice(0, 300)}`,
    });
  }
}

async function runFailure(name: string, file: FailureFile, base: ValidFile | undefined): Promise<Result> {
  const from = base?.cases[file.base];
  if (from === undefined) return { name, problem: "has no valid base" };
  if (name !== failureName(file)) return { name, problem: `should be called ${failureName(file)}` };
  const input = changed(from.input, file.change);
  if (JSON.stringify(input) === JSON.stringify(from.input)) return { name, problem: "changes nothing" };
  const outcome = await outcomeOf(file.construction, input);
  const got = "class" in outcome ? outcome.class : "accepted";
  return { name, problem: got === file.class ? null : `was ${got}, not ${file.class}` };
}

export const validName = (construction: string): string => `${construction}.valid.json`;
export const failureName = (file: FailureFile): string => `${file.construction}.${file.what}.${file.class}.json`;

/** Every file by its name. */
export async function runVectors(files: { [name: string]: VectorFile }): Promise<Result[]> {
  const results: Result[] = [];
  for (const [name, file] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if ("cases" in file) {
      if (name !== validName(file.construction)) results.push({ name, problem: "has a wrong name" });
      await runValid(name, file, results);
    } else {
      const base = files[validName(file.construction)];
      results.push(await runFailure(name, file, base !== undefined && "cases" in base ? base : undefined));
    }
  }
  // A construction that lost its vectors would pass in silence.
  for (const construction of Object.keys(openers))
    if (files[validName(construction)] === undefined) results.push({ name: construction, problem: "has no vectors" });
  return results;
}
