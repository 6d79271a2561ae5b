/** Which questions a report answered: found by the version that the reporter sealed, and checked against it. */
import { equal, fromHex, fromUtf8, utf8 } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { parseShape } from "../../../crypto/shape.ts";
import { Sha256 } from "../../../crypto/sodium.ts";
import { builtInQuestionnaires, findQuestionnaire } from "../../../data/policy/built-in-questionnaires.ts";
import { questionnaireShape } from "../../../data/policy/questionnaire-file.ts";
import { canonicalQuestionnaire, type Questionnaire } from "../../../data/policy/questionnaire.ts";
import { sendForBytes, type Api } from "./http.ts";

/**
 * said: the very questions that were asked · unsaid: the report does not say which, these are the
 * channel's as this software brings them · unfound: it says, but nobody has them; the same as before
 */
export interface AskedBy {
  is: "said" | "unsaid" | "unfound";
  questionnaire: Questionnaire;
}

function isVersion(questionnaire: Questionnaire, version: string): boolean {
  const digest = new Sha256();
  digest.update(utf8(canonicalQuestionnaire(questionnaire)));
  return equal(digest.digest(), fromHex(version, 32));
}

/** Found once, known from then on. */
export class AskedQuestions {
  readonly #api: Api;
  readonly #found = new Map<string, Questionnaire>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** What `find` would answer without asking the server. `id`: the channel's questionnaire. */
  known(version: string | null, id: string): AskedBy {
    if (version === null) return { is: "unsaid", questionnaire: findQuestionnaire(id) };
    const found = this.#found.get(version) ?? builtInQuestionnaires.find((each) => isVersion(each, version));
    if (found === undefined) return { is: "unfound", questionnaire: findQuestionnaire(id) };
    this.#found.set(version, found);
    return { is: "said", questionnaire: found };
  }

  /** Asks the server when it must, and believes it nothing: what it answers must have this version. Never throws. */
  async find(version: string | null, id: string): Promise<AskedBy> {
    const known = this.known(version, id);
    if (version === null || known.is === "said") return known;
    try {
      const text = fromUtf8(await sendForBytes(this.#api, `/questionnaires/${version}`));
      const questionnaire = parseShape(questionnaireShape, JSON.parse(text), "questionnaire") as Questionnaire;
      if (isVersion(questionnaire, version)) this.#found.set(version, questionnaire);
    } catch (error) {
      // A case must open whatever the server says: the answers are there, only their questions are not.
      if (!(error instanceof PortalError) && !(error instanceof SyntaxError)) throw error;
    }
    return this.known(version, id);
  }
}
