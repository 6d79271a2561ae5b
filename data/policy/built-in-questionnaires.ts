/** The questionnaires that come with the software. Apart from the code that judges answers: pages are sent theirs as data. */
import type { Questionnaire } from "./questionnaire.ts";
import eu from "./questionnaires/eu.json" with { type: "json" };
import general from "./questionnaires/general.json" with { type: "json" };
import sb53 from "./questionnaires/sb53.json" with { type: "json" };

/** The files are ours and a test holds them to this shape; `type` is a plain string to the compiler. */
export const builtInQuestionnaires = [sb53, eu, general] as readonly Questionnaire[];

/** A channel may name a questionnaire of a newer version: the general one still lets the person write. */
export function findQuestionnaire(id: string): Questionnaire {
  return builtInQuestionnaires.find((each) => each.id === id) ?? builtInQuestionnaires.at(-1)!;
}
