/** Runs test files with node:test and counts what passed, failed and, above all, did not run. */
import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** Why tests did not run, with how many; "to do" counts as not run. */
  reasons: Map<string, number>;
}

export interface RunOptions {
  /** Files at once; each is a process. */
  concurrency: number;
  output: NodeJS.WritableStream;
}

/** A file that never ends is a failure, not a wait for ever. Milliseconds. */
const fileTimeout = 15 * 60 * 1000;

export const coresForTests = Math.min(4, availableParallelism());

export function emptyTally(): Tally {
  return { passed: 0, failed: 0, skipped: 0, reasons: new Map() };
}

export function addTally(to: Tally, more: Tally): void {
  to.passed += more.passed;
  to.failed += more.failed;
  to.skipped += more.skipped;
  for (const [reason, count] of more.reasons) to.reasons.set(reason, (to.reasons.get(reason) ?? 0) + count);
}

/** The closing line, alone on its line. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`;
}

/** Skipped suites count once each: what they hold is not known. */
export async function runTests(files: string[], { concurrency, output }: RunOptions): Promise<Tally> {
  const tally = emptyTally();
  // Without files node:test would look for some by itself.
  if (files.length === 0) return tally;

  const stream = run({ files, concurrency, timeout: fileTimeout });
  const note = (skip: string | boolean): void => {
    tally.skipped++;
    const reason = typeof skip === "string" ? skip : "no reason given";
    tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
  };
  stream.on("test:pass", ({ name, nesting, file, skip, todo, details }) => {
    if (skip !== undefined) note(skip);
    else if (todo !== undefined) note(`to do: ${String(todo)}`);
    else if (nesting === 0 && file !== undefined && isFileItself(name, file)) {
      output.write(`${name} holds no test\n`);
      tally.failed++;
    } else if (details.type !== "suite") tally.passed++;
  });
  stream.on("test:fail", ({ todo, details }) => {
    if (todo !== undefined) note(`to do: ${String(todo)}`);
    // A suite fails with its tests, which are counted; on its own only when a hook of it failed.
    else if (details.type !== "suite" || !isSubtestsFailed(details.error)) tally.failed++;
  });

  const report = stream.compose(spec());
  report.pipe(output, { end: false });
  await new Promise((resolve, reject) => {
    report.once("end", resolve);
    report.once("error", reject);
  });
  return tally;
}

/** node:test reports a file that registers no test as one passing test named as the file. */
function isFileItself(name: string, file: string): boolean {
  return name === file || name === relative(process.cwd(), file);
}

function isSubtestsFailed(error: Error): boolean {
  return "failureType" in error && error.failureType === "subtestsFailed";
}
