/** What a mailbox without scripts says on top: what is new, the next update, what came of it. */
import type { ReplyContent } from "../../crypto/content.ts";
import type { Conversation } from "../assisted/mailbox.ts";
import {
  dayOf,
  formatDay,
  nextUpdate,
  statusTold,
  type Day,
  type ToldDays,
  type ToldStatus,
} from "../../data/policy/update-date.ts";
import type { Speech } from "./assisted-words.ts";

export interface NewsView {
  /** Each leads to an entry of the page. */
  lines: { text: string; seq: number }[];
  promise: string;
  /** The promise is over and nothing came. */
  late: boolean;
  /** Null while the report is open, or where nobody said how it ended. */
  outcome: { text: string; seq: number } | null;
  /** Entries from here on are marked as new. */
  firstNew: number;
}

type Entries = Conversation["entries"];

/** As the newest reply that told a status has it; a reply that told none says at least that somebody answered. */
export function toldStatus(entries: Entries): ToldStatus {
  return statusTold(entries.flatMap((entry) => (entry.kind === "reply" ? [entry.content.status] : [])));
}

export function newsView(entries: Entries, today: Day, { t, language }: Speech): NewsView {
  const firstNew = entries.findLastIndex(({ author, kind }) => author === null && kind !== "damaged") + 1;
  const replies = entries.slice(firstNew);
  const told = replies.findLast((entry) => entry.kind === "reply" && entry.content.status !== null);
  const lines: NewsView["lines"] = [];
  if (replies[0] !== undefined)
    lines.push({ text: t("mailbox:news.replies", { count: replies.length }), seq: replies[0].seq });
  if (told?.kind === "reply")
    lines.push({
      text: t("mailbox:news.status", { status: t(`mailbox:status.${told.content.status!}`) }),
      seq: told.seq,
    });
  const closing = entries.findLast((entry) => entry.kind === "reply" && entry.content.status === "closed");
  const closed = toldStatus(entries) === "closed" && closing?.kind === "reply";
  return {
    lines,
    firstNew,
    ...promiseView(entries, today, { t, language }),
    outcome: closed ? { text: closing.content.text, seq: closing.seq } : null,
  };
}

const toldBy = ({ day, updateBy, duty, status }: ReplyContent): ToldDays["replies"][number] => ({
  day: day ?? null,
  updateBy: updateBy ?? null,
  isUpdate: duty === "update",
  status,
});

function promiseView(entries: Entries, today: Day, { t, language }: Speech): { promise: string; late: boolean } {
  const [first] = entries;
  const closed = toldStatus(entries) === "closed";
  const promise = nextUpdate(
    {
      report: (first?.kind === "report" ? first.content.day : undefined) ?? null,
      replies: entries.flatMap((entry) => (entry.kind === "reply" ? [toldBy(entry.content)] : [])),
      closed,
    },
    today,
  );
  if (promise === null) return { promise: t(closed ? "mailbox:promise.closed" : "mailbox:promise.none"), late: false };
  const date = formatDay(promise.by, language);
  return { promise: t(promise.late ? "mailbox:promise.late" : "mailbox:promise.due", { date }), late: promise.late };
}

/** Lines of one entry besides its words: when, what for, what it told. */
export function entryLines(
  entry: Entries[number],
  { t, language }: Speech,
): { day: string; purpose: string; told: string[] } {
  const said = "day" in entry.content && entry.content.day !== undefined ? dayOf(entry.content.day) : null;
  const purpose = entry.kind === "message" ? entry.content.purpose : undefined;
  const told: string[] = [];
  if (entry.kind === "reply") {
    const { status, updateBy, duty } = entry.content;
    const by = updateBy === undefined ? null : dayOf(updateBy);
    if (status !== null) told.push(t("mailbox:told", { status: t(`mailbox:status.${status}`) }));
    if (duty !== undefined) told.push(t(`mailbox:duty.${duty}`));
    if (by !== null) told.push(t("mailbox:promise.entry", { date: formatDay(by, language) }));
  }
  return {
    day: said === null ? "" : t("mailbox:day", { date: formatDay(said, language) }),
    purpose: purpose === undefined ? "" : t(`mailbox:purpose.${purpose}`),
    told,
  };
}
