/**
 * `npm test`: every gate and every test, on any machine, with one closing line
 * "N passed, N failed, N skipped" (a gate counts as one). Nothing is skipped silently: what did
 * not run is counted and named, and with CI=true makes the run a failure.
 */
import "../server/node-version.js";
import { spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { builtAlready } from "./support/built.ts";
import { judges, missingJudges } from "./support/judges.ts";
import { addTally, coresForTests, emptyTally, formatTally, runTests } from "./support/tally.ts";

const root = join(import.meta.dirname, "..");

/** Each a script of a package or our own, run with the Node that runs this. */
const gates: [name: string, ...command: string[]][] = [
  ["types (tsc)", "node_modules/typescript/bin/tsc", "--noEmit"],
  ["lint (oxlint)", "node_modules/oxlint/bin/oxlint", "--deny-warnings"],
  ["formatting (prettier)", "node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
  ["build", "server/build/build.ts"],
];

process.chdir(root);
// npm does this for `npm test`; somebody may also run `node test/run.ts`.
process.env["PATH"] = [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter);
// Hundreds of processes load the same modules: compiled once, each starts in two thirds of the time.
process.env["NODE_COMPILE_CACHE"] ??= join(root, "node_modules/.cache/tellhaven-compiled");

installMissingJudges();
const total = emptyTally();

for (const [name, ...command] of gates) {
  const { status } = spawnSync(process.execPath, command, { stdio: "inherit" });
  console.log(`${status === 0 ? "✔" : "✖"} ${name}`);
  if (status === 0) total.passed++;
  else total.failed++;
  if (name === "build" && status === 0) process.env[builtAlready] = "1";
}

const files = globSync("test/**/*.test.ts", { exclude: ["test/output/**"] }).sort();
addTally(total, await runTests(files, { concurrency: coresForTests, output: process.stdout }));

const inCi = !["", "0", "false", undefined].includes(process.env["CI"]);
for (const [reason, count] of total.reasons) console.log(`\nDid not run: ${String(count)} × ${reason}`);
if (total.skipped > 0 && inCi) console.log("In CI a test that did not run is a failure.");
process.exitCode = total.failed > 0 || total.passed === 0 || (total.skipped > 0 && inCi) ? 1 : 0;
console.log(`\n${formatTally(total)}`);

/** As root on Debian through apt-get; elsewhere says what is missing. Their tests are then counted as skipped. */
function installMissingJudges(): void {
  const missing = missingJudges();
  if (missing.length === 0) return;
  const packages = missing.map((name) => judges[name].apt);
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync("/etc/debian_version")) {
    console.log(`The tests ask programs that npm does not carry; installing with apt-get: ${packages.join(", ")}`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const apt = (...words: string[]): boolean =>
      spawnSync("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=120", ...words], {
        stdio: ["ignore", "ignore", "inherit"],
        env,
      }).status === 0;
    // Package by package: one that the release lacks must not take the others with it.
    apt("update");
    for (const name of packages) apt("install", "-y", "--no-install-recommends", name);
  }
  for (const name of missingJudges())
    console.log(`Missing: ${name}, which ${judges[name].asked} (Debian: apt-get install ${judges[name].apt})`);
}
