/** When the reporter can expect word again: monthly, from the day of filing (Labor Code 1107.1(e)(1); a promise elsewhere). */

/** Days since 1970-01-01, UTC. */
export type Day = number;
const msPerDay = 86_400_000;

/** One calendar month later; the last day of a shorter month (rule M: 31 January → 28 or 29 February). */
export function updateDueBy(filed: Day): Day {
  const date = new Date(filed * msPerDay);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const lastOfNext = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastOfNext)) / msPerDay;
}

/** The day as people write it in this language, e.g. "12 March 2027". */
export function formatDay(day: Day, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day * msPerDay));
}
