/** Sealed copies of cases on a real portal, key files, and somebody at the terminal. */
import { readFileSync, writeFileSync } from "node:fs";
import { leastCost, sealKeyFile } from "../../crypto/keyfile.ts";
import type { MemberSeed } from "../../crypto/keys.ts";
import { openSealedCase, type OpenOptions } from "../../server/cli/open.ts";
import type { Terminal } from "../../server/cli/open/terminal.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { planSealedCase, streamSealedCase, type SealedCase } from "../../views/browser/client/sealed-case.ts";
import { zipOf } from "./make-zip.ts";
import { readZip } from "./read-zip.ts";

/** Saves a copy as the console does. */
export async function saveCopy(desk: Desk, caseId: string, path: string): Promise<SealedCase> {
  const open = await openCase(desk, caseId);
  const sealed = await planSealedCase(desk, open);
  writeFileSync(path, await new Response(streamSealedCase(desk, open, sealed)).bytes());
  return sealed;
}

/** The copy's parts by their name below its folder. */
export function partsOf(path: string): Map<string, Buffer> {
  return new Map([...readZip(readFileSync(path))].map(([name, bytes]) => [name.replace(/^[^/]+\//, ""), bytes]));
}

export function writeParts(path: string, parts: ReadonlyMap<string, Uint8Array>): void {
  writeFileSync(path, zipOf([...parts].map(([name, bytes]) => ({ name: `copy/${name}`, bytes }))));
}

export function writeKeyFile(path: string, seed: MemberSeed, portalId: Uint8Array, purpose = "member"): void {
  const of = { purpose: purpose as "member", label: "test", portalId };
  writeFileSync(path, sealKeyFile([seed], passphrase, of, leastCost));
}

export const passphrase = "correct horse battery";

export interface Said {
  /** Lines on the screen. */
  lines: string[];
  whole: boolean;
  /** What was asked. */
  asked: string[];
}

/** `answers`: in the order of the questions. */
export async function openCopy(path: string, options: OpenOptions, ...answers: string[]): Promise<Said> {
  const lines: string[] = [];
  const asked: string[] = [];
  const answer = async (words: string): Promise<string> => {
    asked.push(words);
    return answers.shift() ?? "";
  };
  const terminal: Terminal = { ask: answer, askSecret: answer };
  const { signal } = new AbortController();
  const whole = await openSealedCase(path, options, terminal, (line) => lines.push(line), signal);
  return { lines, whole, asked };
}
