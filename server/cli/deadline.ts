/** `tellhaven deadline CA_CSI --from 2026-12-18`: counts one duty, and says how. No server is needed. */
import { readFileSync } from "node:fs";
import { PortalError } from "../../crypto/errors.ts";
import {
  dueBy,
  dueWithoutTrigger,
  seriesOf,
  startWithoutTrigger,
  type Due,
} from "../../data/policy/deadlines/count.ts";
import { holidaysIn, parseDutiesFile, type DutiesFile } from "../../data/policy/deadlines/duties-file.ts";
import type { Holidays } from "../../data/policy/deadlines/holidays.ts";
import { builtInDeadlines, findDeadline, type DeadlineRow } from "../../data/policy/deadlines/rows.ts";
import { dayOf } from "../../data/policy/update-date.ts";
import { translator } from "../http/i18n.ts";
import { Mistake } from "./mistake.ts";

const t = translator("en");
const mostTurns = 120;

export interface DeadlineOptions {
  from?: string;
  received?: string;
  repeat?: string;
  file?: string;
  json?: true;
}

const mistake = (
  key: `deadlines:${string}` | `faults:${string}`,
  values: Record<string, string | number> = {},
): Mistake => new Mistake(t(key, values));

/** Prints the answer; a mistake goes to stderr, and the exit code is 1. */
export function deadline(id: string, options: DeadlineOptions): void {
  try {
    const { rows, holidays } = readDuties(options.file);
    const row = findDeadline(rows, id);
    if (row === null) throw mistake("deadlines:cli.fault.id", { id, known: idsOf(rows) });
    const answer = answerOf(row, options, rows, holidays);
    process.stdout.write(options.json ? `${JSON.stringify(answer, null, 2)}\n` : linesOf(row, answer));
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Below the help: what can be counted. */
export function listDeadlines(): string {
  const width = Math.max(...builtInDeadlines.map(({ id }) => id.length));
  const lines = builtInDeadlines.map((row) => `  ${row.id.padEnd(width)}  ${titleOf(row)}`);
  return ["", t("deadlines:cli.ids"), ...lines, "", t("deadlines:notLegalAdvice")].join("\n");
}

/** The file "duties" of a portal, where somebody keeps a copy: its own rows and days off. */
function readDuties(path: string | undefined): { rows: readonly DeadlineRow[]; holidays: Holidays } {
  const duties = path === undefined ? null : readDutiesFile(path);
  return { rows: [...builtInDeadlines, ...(duties?.rows ?? [])], holidays: holidaysIn(duties) };
}

function readDutiesFile(path: string): DutiesFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw mistake("deadlines:cli.fault.file", { path });
  }
  const parsed = parseDutiesFile(text);
  if ("value" in parsed) return parsed.value;
  const problems = parsed.problems.map(({ line, column, key, values }) =>
    t("faults:at", { line, column, problem: t(key, values) }),
  );
  throw new Mistake([t("deadlines:cli.fault.wrongFile", { path }), ...problems].join("\n"));
}

interface Answer {
  id: string;
  /** What was counted from: the day or time given, or the one that `received` leads to. */
  from: string;
  received?: string;
  target: string;
  latest: string;
  citation: string;
  source: DeadlineRow["source"];
  steps: string[];
  series?: { target: string; latest: string }[];
  notLegalAdvice: string;
}

function answerOf(
  row: DeadlineRow,
  { from, received, repeat }: DeadlineOptions,
  rows: readonly DeadlineRow[],
  holidays: Holidays,
): Answer {
  const turns = repeat === undefined ? null : readTurns(repeat);
  const start = received === undefined ? readStart(row, from) : readReceived(row, from, received, rows);
  return telling(received ?? start, "deadlines:cli.fault.range", () => {
    const due = received === undefined ? dueBy(row, start, holidays) : dueWithoutTrigger(row, received, holidays);
    const steps = due.steps.map(({ key, values }) => t(key, values));
    return {
      id: row.id,
      from: start,
      ...(received !== undefined && { received }),
      target: due.target,
      latest: due.latest,
      citation: row.citation,
      source: row.source,
      steps: turns !== null && !row.repeats ? [...steps, t("deadlines:step.once")] : steps,
      ...(turns !== null && { series: seriesOf(row, start, turns, holidays).map(bothDays) }),
      notLegalAdvice: t("deadlines:notLegalAdvice"),
    };
  });
}

const bothDays = ({ target, latest }: Due): { target: string; latest: string } => ({ target, latest });

function readTurns(text: string): number {
  const turns = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (turns < 1 || turns > mostTurns) throw mistake("deadlines:cli.fault.repeat", { text });
  return turns;
}

function readStart(row: DeadlineRow, from: string | undefined): string {
  if (from === undefined) throw mistake("deadlines:cli.fault.noFrom");
  if (dayOf(from) !== null) return from;
  const key = row.rule === "H" ? "deadlines:cli.fault.instant" : "deadlines:cli.fault.day";
  return telling(from, key, () => {
    dueBy(row, from);
    return from;
  });
}

function readReceived(
  row: DeadlineRow,
  from: string | undefined,
  received: string,
  rows: readonly DeadlineRow[],
): string {
  if (row.withoutTrigger === undefined) {
    const known = idsOf(rows.filter(({ withoutTrigger }) => withoutTrigger !== undefined));
    throw mistake("deadlines:cli.fault.received", { id: row.id, known });
  }
  if (from !== undefined) throw mistake("deadlines:cli.fault.both");
  return telling(received, "deadlines:cli.fault.day", () => startWithoutTrigger(row, received));
}

/** The engine's complaint in words for people. */
function telling<T>(text: string, key: `deadlines:${string}`, count: () => T): T {
  try {
    return count();
  } catch (error) {
    if (error instanceof PortalError && error.code === "format") throw mistake(key, { text });
    throw error;
  }
}

const idsOf = (rows: readonly DeadlineRow[]): string => rows.map(({ id }) => id).join(", ");

const wordsOf = (key: string | undefined, own: string | undefined): string =>
  key === undefined ? (own ?? "") : t(key);

const titleOf = ({ titleKey, title }: DeadlineRow): string => wordsOf(titleKey, title);

function linesOf(row: DeadlineRow, answer: Answer): string {
  const { id, from, received, target, latest, citation, steps, series } = answer;
  const trigger = wordsOf(row.triggerKey, row.triggerText);
  const exception = wordsOf(row.exceptionKey, row.exceptionText);
  const begun =
    received === undefined ? t("deadlines:cli.from", { from, trigger }) : t("deadlines:cli.received", { received });
  const sourceKey = row.source.read ? "deadlines:cli.read" : "deadlines:cli.unread";
  return [
    t("deadlines:cli.title", { id, title: titleOf(row) }),
    begun,
    "",
    t("deadlines:cli.target", { target }),
    t("deadlines:cli.latest", { latest }),
    "",
    t("deadlines:cli.steps"),
    ...steps.map((each, i) => `  ${i + 1}. ${each}`),
    ...(series === undefined
      ? []
      : ["", t("deadlines:cli.series"), ...series.map((each) => `  ${each.target}  ${each.latest}`)]),
    "",
    ...(exception === "" ? [] : [t("deadlines:cli.exception", { exception })]),
    t(sourceKey, { citation, asOf: row.source.asOf }),
    answer.notLegalAdvice,
    "",
  ].join("\n");
}
