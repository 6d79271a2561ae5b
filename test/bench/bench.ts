/**
 * `npm run bench`: what safety costs, as ratios of two things measured side by side in one run.
 * Prints a table and writes test/output/bench.json. What the rows mean: docs/BENCH.md.
 */
import "../../server/node-version.js";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureAttachments } from "./attachments.ts";
import { measureFirstPage, measureInBrowser } from "./in-browser.ts";
import { measureIntake, measureWorkCheck } from "./intake.ts";
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

const started = performance.now();
console.log(machine());
console.log("Medians of seven rounds each, in turns. Compare ratios; the numbers are this machine's.\n");
const intake = await measureIntake(outputDir);
const firstPage = await measureFirstPage();
const rows = [
  intake.row,
  await measureWorkCheck(outputDir),
  ...(await measureSealing()),
  ...(await measureAttachments()),
  ...(await measureMetadata()),
  ...(await measureInBrowser()),
  ...firstPage.rows,
];
print(rows);
const { ours, theirs } = intake.waits;
console.log(`
One report is ${String(intake.bodyBytes)} bytes. With 32 at once an answer took, ms:
  ours     p50 ${round(ours.p50)}  p99 ${round(ours.p99)}
  against  p50 ${round(theirs.p50)}  p99 ${round(theirs.p99)}

${firstPage.weights.map(({ what, kilobytes, limit }) => `${what}: ${kilobytes.toFixed(1)} kB over the wire${limit === null ? "" : `, limit ${String(limit)}`}`).join("\n")}`);
mkdirSync(outputDir, { recursive: true });
const result = {
  machine: machine(),
  measuredOn: new Date().toISOString().slice(0, 10),
  rows,
  intake,
  weights: firstPage.weights,
};
writeFileSync(join(outputDir, "bench.json"), `${JSON.stringify(result, null, 2)}\n`);
console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s; written to test/output/bench.json`);
