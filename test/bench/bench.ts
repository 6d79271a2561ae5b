/**
 * `npm run bench`: what safety costs, as ratios of two things measured side by side in one run.
 * Prints a table and writes test/output/bench.json. What the rows mean: docs/BENCH.md.
 * `--only many-attachments` or `large-attachment`: that row alone. `--attachment N`: bytes of the large one, 5 GB by default.
 */
import "../../server/node-version.js";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "../../server/build/build.ts";
import { measureAttachments } from "./attachments.ts";
import { measureLargeAttachment, measureManyAttachments, type CaseFileHeld } from "./case-file.ts";
import { measureFirstPage, measureInBrowser } from "./in-browser.ts";
import { measureIntake, measureWorkCheck } from "./intake.ts";
import { measureConsole } from "./console.ts";
import { machine } from "./machine.ts";
import type { Row } from "./measure.ts";
import { measureMetadata } from "./metadata.ts";
import { measureSealing } from "./sealing.ts";

const outputDir = join(import.meta.dirname, "../output");
const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

function print(rows: readonly Row[]): void {
  const lines = [
    ["", "ours", "against", "", "ratio", "what it is measured against"],
    ...rows.map(({ what, unit, ours, theirs, ratio, against }) => [
      what,
      round(ours),
      round(theirs),
      unit,
      ratio.toFixed(2),
      against,
    ]),
  ];
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const rightAligned = [1, 2, 4];
  for (const line of lines)
    console.log(
      line
        .map((cell, i) => (rightAligned.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join("  ")
        .trimEnd(),
    );
}

const caseFileLine = ({ what, before, peak, alone, plannedIn }: CaseFileHeld): string =>
  `case file, ${what}: planned in ${round(plannedIn)} s; the tab ${before.toFixed(0)} MB before, ${peak.toFixed(0)} MB at its highest (${alone.toFixed(0)} MB while attachments were saved alone)`;

const { values } = parseArgs({
  options: { only: { type: "string" }, attachment: { type: "string", default: "5000000000" } },
});
const attachmentBytes = Number(values.attachment);
if (!Number.isSafeInteger(attachmentBytes) || attachmentBytes < 1)
  throw new Error("--attachment is a whole number of bytes");
const caseFiles = {
  "many-attachments": measureManyAttachments,
  "large-attachment": () => measureLargeAttachment(attachmentBytes),
};
const chosen = Object.entries(caseFiles).find(([name]) => name === values.only);
if (values.only !== undefined && chosen === undefined)
  throw new Error(`--only knows ${Object.keys(caseFiles).join(" and ")}`);

// What the measured pages load; a fresh checkout has none of it.
await build();
const started = performance.now();
console.log(machine());
if (chosen !== undefined) {
  const { rows, held, words } = await chosen[1]();
  print(rows);
  console.log([...held.map(caseFileLine), ...words].join("\n"));
  process.exit();
}
console.log("Medians of seven rounds each, in turns. Compare ratios; the numbers are this machine's.\n");
const intake = await measureIntake(outputDir);
const firstPage = await measureFirstPage();
const desks = [await measureConsole(1_000), await measureConsole(10_000)];
const [many, large] = [await measureManyAttachments(), await measureLargeAttachment(attachmentBytes)];
const caseFile = {
  rows: [...many.rows, ...large.rows],
  held: [...many.held, ...large.held],
  words: [...many.words, ...large.words],
};
const rows = [
  intake.row,
  await measureWorkCheck(outputDir),
  ...(await measureSealing()),
  ...(await measureAttachments()),
  ...(await measureMetadata()),
  ...(await measureInBrowser()),
  ...firstPage.rows,
  ...desks.flatMap((desk) => desk.rows),
  ...caseFile.rows,
];
print(rows);
const { ours, theirs } = intake.waits;
console.log(`
One report is ${String(intake.bodyBytes)} bytes. With 32 at once an answer took, ms:
  ours     p50 ${round(ours.p50)}  p99 ${round(ours.p99)}
  against  p50 ${round(theirs.p50)}  p99 ${round(theirs.p99)}

${firstPage.weights.map(({ what, kilobytes, limit }) => `${what}: ${kilobytes.toFixed(1)} kB over the wire${limit === null ? "" : `, limit ${String(limit)}`}`).join("\n")}`);
console.log(desks.map(({ held }) => `${held.what}: ${held.megabytes.toFixed(0)} MB of memory`).join("\n"));
console.log([...caseFile.held.map(caseFileLine), ...caseFile.words].join("\n"));
mkdirSync(outputDir, { recursive: true });
const result = {
  machine: machine(),
  measuredOn: new Date().toISOString().slice(0, 10),
  rows,
  intake,
  weights: firstPage.weights,
  memory: desks.map(({ held }) => held),
  caseFile: { held: caseFile.held, words: caseFile.words },
};
writeFileSync(join(outputDir, "bench.json"), `${JSON.stringify(result, null, 2)}\n`);
console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s; written to test/output/bench.json`);
