/** Persons of a case in words. */
import type { CaseView, EntryView, PersonView } from "../../client/case-view.ts";
import { html } from "lit/html.js";
import { personText, type Drawing, type View } from "../view-parts.ts";

/** Null: the reporter. */
export function authorText({ t, desk }: Drawing, author: PersonView | null): string {
  if (author === null) return t("console:case.reporter");
  return author.id === desk.state.me?.id ? `${author.name} (${t("console:case.you")})` : personText(author);
}

export const nameOf = ({ people }: Pick<CaseView, "people">, id: number): string =>
  people.find((each) => each.id === id)?.name ?? `#${id}`;

/** Somebody's name, and whether it is whoever looks. */
export function nameOrYou({ t, desk }: Drawing, view: CaseView, id: number): string {
  return id === desk.state.me?.id ? `${nameOf(view, id)} (${t("console:case.you")})` : nameOf(view, id);
}

export const namesText = (people: readonly PersonView[]): string => people.map(({ name }) => name).join(", ");

/** Readers that are still members. */
export const readersNow = ({ readers }: CaseView): PersonView[] => readers.filter(({ current }) => current);

/** Those of them who can be given work, and called. */
export const workers = (view: CaseView): PersonView[] => readersNow(view).filter(({ recovery }) => !recovery);

/** Whether this reader may write among the readers. */
export const teamIsUsable = ({ team }: CaseView): boolean => team.state === "open" || team.state === "none";

/** In the place of what did not verify inside; one such entry must not hide the others. */
export const damagedItem = ({ t }: Drawing, { seq }: EntryView): View =>
  html`<li class="th-message" data-damaged=${seq}>${warning(t("common:damagedEntry"))}</li>`;

export const warning = (text: string): View =>
  html`<div class="th-notice" role="alert"><p class="govuk-body govuk-!-margin-bottom-0">${text}</p></div>`;
