/** Which questions a report answered: operators edit questionnaires, so the page is sent those in force by version. */
import type { ActiveQuestionnaires, Questionnaire } from "../../../data/policy/questionnaire.ts";
import { readPageData } from "../i18n.ts";

/**
 * The asked version where the page has it, else the channel's present one, whose questions mostly
 * have the same ids; answers it does not know are shown under their ids.
 */
export function questionnairesOfPage(): (of: { asked: string | null; questionnaire: string }) => Questionnaire {
  const active = (readPageData().data["questionnaires"] ?? {}) as ActiveQuestionnaires;
  return ({ asked, questionnaire }) =>
    Object.values(active).find(({ version }) => version === asked)?.questionnaire ??
    active[questionnaire]?.questionnaire ?? { id: questionnaire, questions: [] };
}
