/** A case file asked about by `tellhaven verify` and by verify.sh, with what the person who asks was given. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseMinisignKey } from "../../crypto/minisign.ts";
import { exits, tellAll } from "../../server/cli/verify.ts";
import { openBag } from "../../server/cli/verify/bag.ts";
import { parseAuthority } from "../../server/cli/verify/stamp.ts";

/** Paths. */
export interface Given {
  key?: string;
  authority?: string;
  approver?: string;
}
export interface Said {
  status: number | null;
  out: string;
}

/** As the command does, in this process. */
export async function check(path: string, given: Given): Promise<Said> {
  const bytes = (file: string | undefined): Buffer | null => (file === undefined ? null : readFileSync(file));
  const [key, pem, approver] = [bytes(given.key), bytes(given.authority), bytes(given.approver)];
  const lines: string[] = [];
  const bag = (await openBag(path))!;
  const trusted = {
    key: key && parseMinisignKey(key),
    authority: pem && parseAuthority(pem.toString("latin1")),
    approver: approver && parseMinisignKey(approver),
  };
  const verdict = await tellAll(bag, trusted, (line) => lines.push(`${line}\n`));
  await bag.close();
  return { status: exits[verdict], out: lines.join("") };
}

export function script(
  bag: string,
  { key = "-", authority: pem = "-", approver = "-" }: Given,
  shell = ["dash"],
): Said {
  const args = [...shell.slice(1), join(bag, "verify.sh"), key, pem, approver];
  const { status, stdout, stderr } = spawnSync(shell[0]!, args, { cwd: bag, encoding: "utf8" });
  assert.equal(stderr, "");
  return { status, out: stdout };
}

/** What a row says: its mark, and the lines below it. */
export function row({ out }: Said, id: string): { mark: string; said: string[] } {
  const lines = out.split("\n");
  const at = lines.findIndex((line) => line.slice(7).startsWith(`${id} `));
  const after = lines.slice(at + 1);
  const end = after.findIndex((line) => !line.startsWith("       "));
  return { mark: lines[at]!.slice(0, 5).trim(), said: after.slice(0, end).map((line) => line.trim()) };
}
