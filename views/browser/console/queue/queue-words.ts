/** What the list calls things: dates, people, choices. */
import type { CaseListing } from "../../client/listing.ts";
import { languageName } from "../../../locales/say.ts";
import { categoryText, dayText, type Drawing } from "../view-parts.ts";
import { dayOf } from "../../../../data/policy/update-date.ts";
import { dueOf, type Facet, type Looking } from "./facets.ts";
import { isBuiltIn } from "./saved-views.ts";

export function titleText({ t }: Drawing, { gate, title }: CaseListing): string {
  if (gate === "undeclared") return t("work:list.undeclared");
  return title === "" ? t("console:list.untitled") : title;
}

export function personName({ t, desk }: Drawing, id: number): string {
  if (id === desk.state.me?.id) return t("queue:row.you");
  return desk.state.people.find((each) => each.id === id)?.name ?? t("queue:row.left");
}

/** A short day: without the year when it is this one. */
function shortDay(lang: string, day: string, today: string): string {
  if (day.slice(0, 4) !== today.slice(0, 4)) return dayText(lang, day);
  const style = { day: "numeric", month: "short", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(lang, style).format(new Date(`${day}T00:00:00Z`));
}

export interface DueWords {
  looks: "late" | "soon" | "plain";
  /** What the eye gets: a word, and the day. */
  short: string;
  day: string;
  /** What is read out. */
  full: string;
}

/** Null: nothing is due. What is due, the case says; a closed case may still owe a report. */
export function dueWords({ t, lang }: Drawing, listing: CaseListing, looking: Looking): DueWords | null {
  const { remindOn } = listing;
  if (remindOn === null) return null;
  const day = shortDay(lang, remindOn, looking.today);
  const inFull = { day: dayText(lang, remindOn) };
  const full = t("console:list.due", inFull);
  switch (dueOf(listing, looking)) {
    case "overdue":
      return { looks: "late", short: t("queue:due.overdue"), day, full: t("console:list.overdue", inFull) };
    case "soon": {
      const days = dayOf(remindOn)! - dayOf(looking.today)!;
      const key = days === 0 ? "queue:due.today" : days === 1 ? "queue:due.tomorrow" : "queue:due.inDays";
      return { looks: "soon", short: t(key, { count: days }), day, full };
    }
    case "later":
    case "none":
      return { looks: "plain", short: "", day, full };
  }
}

/** A choice of a filter, as it is offered. */
export function choiceText(drawing: Drawing, facet: Facet, value: string): string {
  const { t, desk, lang } = drawing;
  switch (facet) {
    case "due":
      return t(`queue:filter.due.${value}`);
    case "status":
      if (value === "received" || value === "open") return t(`console:phase.${value}`);
      return t(`queue:filter.status.${value}`);
    case "mark":
      return t(`queue:filter.mark.${value}`);
    case "assignee":
      if (value === "me" || value === "nobody") return t(`queue:filter.assignee.${value}`);
      return personName(drawing, Number(value));
    case "severity":
      return t(value === "none" ? "queue:filter.severity.none" : `work:severity.${value}`);
    case "category":
      return categoryText(t, value);
    case "channel":
      return desk.state.channels.find(({ id }) => id === value)?.name ?? value;
    case "language":
      return languageName(value, lang);
    case "tag":
      return value;
  }
}

export function viewText({ t, desk }: Drawing, id: string): string {
  if (id === "all") return t("console:list.all");
  if (isBuiltIn(id)) return t(`queue:view.${id}`);
  return desk.state.queue.own.views.find((each) => each.id === id)?.name ?? t("queue:view.own");
}
