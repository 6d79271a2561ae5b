/** What is new in an open mailbox, worked out here: the server is told nothing of what was looked at. */
import { dayOf, formatDay, nextUpdate, type Day } from "../../../data/policy/update-date.ts";
import type { Translate } from "../i18n.ts";
import { byId, element, show } from "./dom.ts";
import type { EntryView, MailboxView } from "./worker-api.ts";

/** Entries from `first` on are new. */
export interface News {
  first: number;
  since: "wrote" | "seen";
}

/** Without anything remembered: everything after the reporter's own last words. */
export function newsOf(entries: readonly EntryView[], seen: number | null): News {
  // A reply may stand before the reporter's own newest words and never have been looked at: it crossed them.
  if (seen !== null) return { first: Math.min(seen, entries.length), since: "seen" };
  const own = entries.findLastIndex((entry) => entry.from === null && !entry.damaged);
  return { first: own + 1, since: "wrote" };
}

/** Readers' replies among the news. */
const repliesIn = (entries: readonly EntryView[], { first }: News): EntryView[] =>
  entries.slice(first).filter((entry) => entry.from !== null || entry.damaged);

function jump(text: string, seq: number): HTMLElement {
  const link = element("a", { class: "govuk-link", href: `#entry-${seq}` }, text);
  link.addEventListener("click", (event) => {
    // Not by the address: it would stand in the browser's history.
    event.preventDefault();
    byId(`entry-${seq}`).focus();
  });
  return link;
}

export interface NewsOptions {
  t: Translate;
  language: string;
  today: Day;
}

/** The summary on top, the promise, and what came of a closed report. */
export function drawNews(view: MailboxView, news: News, options: NewsOptions): void {
  const { t } = options;
  const replies = repliesIn(view.entries, news);
  const told = replies.findLast((entry) => entry.status !== null);
  const lines: Node[] = [];
  if (replies.length > 0) lines.push(jump(t("mailbox:news.replies", { count: replies.length }), replies[0]!.seq));
  if (told !== undefined)
    lines.push(jump(t("mailbox:news.status", { status: t(`mailbox:status.${told.status!}`) }), told.seq));
  const since = news.since === "seen" ? "sinceSeen" : "sinceWrote";
  byId("news-since").textContent = t(`mailbox:news.${since}`);
  byId("news-list").replaceChildren(
    ...(lines.length === 0 ? [document.createTextNode(t("mailbox:news.nothing"))] : lines).map((line) =>
      element("li", {}, line),
    ),
  );
  drawPromise(view, options);
  drawOutcome(view, t);
}

function drawPromise(view: MailboxView, { t, language, today }: NewsOptions): void {
  const promise = nextUpdate(
    {
      report: view.entries[0]?.day ?? null,
      replies: view.entries
        .filter((entry) => entry.from !== null)
        .map(({ day, updateBy, duty, status }) => ({ day, updateBy, isUpdate: duty === "update", status })),
      closed: view.status === "closed",
    },
    today,
  );
  const date = promise === null ? "" : formatDay(promise.by, language);
  show("late", promise?.late === true);
  show("promise", promise?.late !== true);
  byId("late-text").textContent = t("mailbox:promise.late", { date });
  byId("promise").textContent =
    promise !== null
      ? t("mailbox:promise.due", { date })
      : t(view.status === "closed" ? "mailbox:promise.closed" : "mailbox:promise.none");
}

/** The message that closed it is what the reporter is told of the outcome. */
function drawOutcome(view: MailboxView, t: Translate): void {
  const closing = view.status === "closed" ? view.entries.findLast((entry) => entry.status === "closed") : undefined;
  show("outcome", closing !== undefined);
  if (closing === undefined) return;
  const said = closing.text.trim() !== "";
  byId("outcome-lead").textContent = t(said ? "mailbox:outcome.lead" : "mailbox:outcome.none");
  byId("outcome-text").textContent = closing.text;
  byId("outcome-link").replaceChildren(jump(t("mailbox:outcome.show"), closing.seq));
}

/** "Written on 3 March 2027, as the writer says"; nothing where no day was said. */
export function dayLine(entry: EntryView, t: Translate, language: string): HTMLElement[] {
  const day = entry.day === null ? null : dayOf(entry.day);
  if (day === null) return [];
  const date = formatDay(day, language);
  return [element("p", { class: "govuk-body-s th-quiet govuk-!-margin-bottom-1" }, t("mailbox:day", { date }))];
}

/**
 * The tick box that lets this browser remember what was seen. Off unless it is found on: nothing
 * is kept of a visit that did not ask for it.
 */
export class Remembering {
  readonly #box = byId("remember", HTMLInputElement);
  #seen: MailboxView["seen"] | null = null;

  constructor(t: Translate) {
    this.#box.addEventListener("change", () => {
      const done = this.#keepOrForget();
      if (!done) this.#box.checked = false;
      const key = !done ? "rememberFailed" : this.#box.checked ? "remembered" : "forgotten";
      byId("remember-status").textContent = t(`mailbox:news.${key}`);
    });
  }

  /** What this browser kept under the name, if anything. */
  recall({ name }: MailboxView["seen"]): string | null {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // storage is blocked: then nothing was kept
    }
  }

  /** Now all of this was on the page. `on`: something was kept before. */
  showed(seen: MailboxView["seen"], on = this.#box.checked): void {
    this.#seen = seen;
    this.#box.checked = on;
    if (on) this.#keepOrForget();
  }

  #keepOrForget(): boolean {
    if (this.#seen === null) return true;
    try {
      if (this.#box.checked) localStorage.setItem(this.#seen.name, this.#seen.value);
      else localStorage.removeItem(this.#seen.name);
      return true;
    } catch {
      return false;
    }
  }
}
