/** Collects vectors while they are made; what a valid case must give is what opening it gives now. */
import { toBase64 } from "../../crypto/bytes.ts";
import type { SignedRosterBytes } from "../../crypto/roster.ts";
import { fromUtf8 } from "../../crypto/bytes.ts";
import { openers } from "./openers.ts";
import {
  failureName,
  validName,
  type FailureFile,
  type Json,
  type Splice,
  type ValidFile,
  type VectorFile,
} from "./suite.ts";

export type CaseInput = { [name: string]: Json };

export class Collection {
  readonly files: { [name: string]: VectorFile } = {};

  async valid(construction: string, about: string, cases: { [what: string]: CaseInput }): Promise<void> {
    const file: ValidFile = { construction, about, cases: [] };
    for (const [what, input] of Object.entries(cases))
      file.cases.push({ what, input, output: await openers[construction]!(input) });
    this.#add(validName(construction), file);
  }

  /** `base`: which of the valid file's cases is changed. */
  failure(construction: string, what: string, cls: string, change: FailureFile["change"], base = 0): void {
    const file: FailureFile = { construction, what, class: cls, base, change };
    this.#add(failureName(file), file);
  }

  #add(name: string, file: VectorFile): void {
    if (name in this.files) throw new Error(`two vectors are called ${name}`);
    this.files[name] = file;
  }
}

export const b64 = toBase64;

export const value = (to: Json): { value: Json } => ({ value: to });
export const splice = (...splices: Splice[]): { splice: Splice[] } => ({ splice: splices });
/** Flips the lowest bit of the byte at `at` in what is now `bytes`. */
export const flip = (bytes: Uint8Array, at: number): { splice: Splice[] } =>
  splice({ at, remove: 1, insert: toBase64(Uint8Array.of(bytes.at(at)! ^ 1)) });
export const cut = (bytes: Uint8Array, by = 1): { splice: Splice[] } =>
  splice({ at: bytes.length - by, remove: by, insert: "" });
export const append = (bytes: Uint8Array, more: Uint8Array = new Uint8Array(1)): { splice: Splice[] } =>
  splice({ at: bytes.length, remove: 0, insert: toBase64(more) });
export const overwrite = (at: number, by: Uint8Array): { splice: Splice[] } =>
  splice({ at, remove: by.length, insert: toBase64(by) });

export const signedText = (signed: readonly SignedRosterBytes[]): Json =>
  signed.map(({ bytes, signature }) => ({ bytes: toBase64(bytes), signature: fromUtf8(signature) }));
