/** When something is due, in words. */
import { dayOf } from "../../../../data/policy/update-date.ts";
import { dayText, type Drawing } from "../view-parts.ts";
import { today } from "../update-by.ts";

/** Days from today to a day, which may be over; both YYYY-MM-DD. */
export const daysUntil = (day: string, from = today()): number => (dayOf(day) ?? 0) - (dayOf(from) ?? 0);

/** Up to here a day is told by how far it is. */
const nearDays = 14;

export type Nearness = "late" | "soon" | "later";

export function nearnessOf(day: string, from = today()): Nearness {
  const days = daysUntil(day, from);
  return days < 0 ? "late" : days <= 7 ? "soon" : "later";
}

export function dueText({ t, lang }: Pick<Drawing, "t" | "lang">, day: string): string {
  const days = daysUntil(day);
  if (days < 0) return t("casework:due.over", { day: dayText(lang, day) });
  if (days === 0) return t("casework:due.today");
  return days <= nearDays ? t("casework:due.days", { count: days }) : t("casework:due.by", { day: dayText(lang, day) });
}

export const dueLooks = { late: "th-chip--late", soon: "th-chip--soon", later: "th-chip--info" } as const;
