/** What the chapters of the document are written with: words, lists, sizes, days; blanks stay blanks. */
import type { Translate } from "../http/i18n.ts";
import { listOf, sizeOf } from "../../views/locales/say.ts";
import { dayOf, formatDay } from "../../data/policy/update-date.ts";
import { runsOf, type Block, type Run, type Section } from "../../data/policy/processing-document.ts";
import type { People } from "./facts.ts";

export interface Say {
  t: Translate;
  /** Words with their blanks. */
  runs(words: string): Run[];
  heading(text: string): Block;
  text(words: string): Block;
  list(...items: string[]): Block;
  table(head: string[], rows: string[][]): Block;
  joined(parts: readonly string[]): string;
  size(bytes: number): string;
  /** `day`: YYYY-MM-DD. */
  day(day: string): string;
  people(people: People): string;
  languageName(tag: string): string;
}

export function sayIn(language: string, t: Translate): Say {
  const mark = (what: string): string => t("processing:blank", { what });
  const runs = (words: string): Run[] => runsOf(words, mark);
  const joined = (parts: readonly string[]): string =>
    parts.length === 0 ? t("processing:nobody") : listOf(parts, language);
  const names = new Intl.DisplayNames(language, { type: "language" });
  return {
    t,
    runs,
    joined,
    heading: (text) => ({ is: "heading", text }),
    text: (words) => ({ is: "text", runs: runs(words) }),
    list: (...items) => ({ is: "list", items: items.map(runs) }),
    table: (head, rows) => ({ is: "table", head, rows: rows.map((row) => row.map(runs)) }),
    size: (bytes) => sizeOf(bytes, language),
    day: (day) => formatDay(dayOf(day)!, language),
    people({ roles, names: given }) {
      const counted = joined(
        roles.map(({ role, count }) => t("processing:people", { count, role: t(`console:role.${role}`) })),
      );
      return given === null || given.length === 0
        ? counted
        : t("processing:named", { roles: counted, names: joined(given) });
    },
    languageName: (tag) => names.of(tag) ?? tag,
  };
}

/** One letter of Art. 30(1) or Art. 35(7). */
export function section({ t }: Say, article: 30 | 35, letter: string, title: string, blocks: Block[]): Section {
  const paragraph = article === 30 ? 1 : 7;
  return { id: `${article}-${paragraph}-${letter}`, law: t(`processing:law.${article}`, { letter }), title, blocks };
}
