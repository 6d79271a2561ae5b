/** What each chart shows, in words: a sentence that says the main thing, and a table. The same rows go into a file. */
import { dispositions } from "../../../../crypto/dispositions.ts";
import { textOfDay, type Day } from "../../../../data/policy/update-date.ts";
import type { Translate } from "../../i18n.ts";
import { categoryText } from "../view-parts.ts";
import { phaseNames, type Column, type Count, type Figures, type Step } from "./figures.ts";
import type { Bucket, InTime, Times } from "./times.ts";

export type Cell = string | number;

export interface FigureTable {
  /** For the file's name and for element ids. */
  id: string;
  title: string;
  /** What there is to see, in a sentence. */
  main: string;
  head: string[];
  rows: Cell[][];
}

export interface Speech {
  t: Translate;
  lang: string;
}

export function numberText(lang: string, value: number): string {
  return new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(value);
}

export function daysText(lang: string, days: number): string {
  const style = { style: "unit", unit: "day", unitDisplay: "long", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(lang, style).format(days);
}

/** A part of a whole, e.g. "62%"; a whole of nothing is nothing. */
export function shareText(lang: string, part: number, whole: number): string {
  const style = { style: "percent", maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(lang, style).format(whole === 0 ? 0 : part / whole);
}

/** The time that begins with this day, e.g. "March 2027", "January – March 2027" or "2027". */
export function columnText(lang: string, from: Day, step: Step): string {
  const at = Date.parse(textOfDay(from));
  const form = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(lang, { ...options, timeZone: "UTC" });
  switch (step) {
    case "month":
      return form({ month: "long", year: "numeric" }).format(at);
    case "quarter": {
      const twoMonthsOn = new Date(at);
      twoMonthsOn.setUTCMonth(twoMonthsOn.getUTCMonth() + 2);
      return form({ month: "long", year: "numeric" }).formatRange(at, twoMonthsOn);
    }
    case "year":
      return form({ year: "numeric" }).format(at);
  }
}

export const totalOf = ({ received, open, closed }: Column): number => received + open + closed;

export function receivedTable({ t, lang }: Speech, { cases, received }: Figures): FigureTable {
  const { step, columns } = received;
  const peak = columns.reduce<Column | null>(
    (most, each) => (most === null || totalOf(each) > totalOf(most) ? each : most),
    null,
  );
  const most = peak === null ? "" : columnText(lang, peak.from, step);
  return {
    id: "received",
    title: t(`dashboard:received.by.${step}`),
    main: t("dashboard:received.main", { count: cases.length, most, number: peak === null ? 0 : totalOf(peak) }),
    head: [
      t(`dashboard:received.step.${step}`),
      ...phaseNames.map((phase) => t(`console:phase.${phase}`)),
      t("dashboard:all"),
    ],
    rows: columns.map((each) => [
      columnText(lang, each.from, step),
      ...phaseNames.map((phase) => each[phase]),
      totalOf(each),
    ]),
  };
}

export type CountName = "categories" | "channels" | "outcomes";

export function countName(t: Translate, table: CountName, key: string): string {
  if (key === "") return t(`dashboard:${table}.none`);
  switch (table) {
    case "categories":
      return categoryText(t, key);
    case "channels":
      return key;
    case "outcomes":
      return (dispositions as readonly string[]).includes(key) ? t(`console:disposition.${key}`) : key;
  }
}

export function countTable({ t, lang }: Speech, table: CountName, counts: readonly Count[]): FigureTable {
  const whole = counts.reduce((sum, { count }) => sum + count, 0);
  const [first] = counts;
  const name = first === undefined ? "" : countName(t, table, first.key);
  return {
    id: table,
    title: t(`dashboard:${table}.title`),
    main: t(`dashboard:${table}.main`, { count: whole, name, number: first?.count ?? 0 }),
    head: [t(`dashboard:${table}.head`), t("dashboard:cases"), t("dashboard:share")],
    rows: counts.map(({ key, count }) => [countName(t, table, key), count, shareText(lang, count, whole)]),
  };
}

export function bucketText({ t }: Speech, { from, to }: Bucket): string {
  if (to === null) return t("dashboard:times.more", { from });
  return from === to ? t("dashboard:times.day", { count: from }) : t("dashboard:times.days", { from, to });
}

export type TimesName = "acknowledged" | "closed";

export function timesTable(speech: Speech, table: TimesName, times: Times): FigureTable {
  const { t, lang } = speech;
  const { done, waiting, median, buckets } = times;
  const half = median === null ? "" : t(`dashboard:${table}.median`, { count: done, days: daysText(lang, median) });
  const still = t(`dashboard:${table}.waiting`, { count: waiting });
  return {
    id: table,
    title: t(`dashboard:${table}.title`),
    main: `${half} ${still}`.trim(),
    head: [t("dashboard:times.head"), t("dashboard:cases"), t("dashboard:share")],
    rows: buckets.map((bucket) => [bucketText(speech, bucket), bucket.count, shareText(lang, bucket.count, done)]),
  };
}

/** How many kept to what the law asks for. */
export function limitsTable({ t, lang }: Speech, table: TimesName, limits: readonly InTime[]): FigureTable {
  return {
    id: `${table}-limits`,
    title: t(`dashboard:${table}.limits`),
    main: t(`dashboard:${table}.limitsMain`),
    head: [
      t("dashboard:limits.head"),
      t("dashboard:limits.inTime"),
      t("dashboard:limits.late"),
      t("dashboard:limits.running"),
      t("dashboard:limits.share"),
    ],
    rows: limits.map(({ row, inTime, late, running }) => {
      const period =
        row === null ? t("dashboard:limits.week") : t(`deadlines:period.${row.unit}`, { count: row.amount });
      const name = row === null ? period : `${period}: ${row.citation}`;
      return [name, inTime, late, running, inTime + late === 0 ? "–" : shareText(lang, inTime, inTime + late)];
    }),
  };
}
