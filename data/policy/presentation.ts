/**
 * What an operator can change of what reporters see, and what is in force where nothing was changed.
 * Presentation holds no case data: it is public to whoever opens the reporter's page.
 */
import { builtInQuestionnaires } from "./built-in-questionnaires.ts";
import type { DutiesFile } from "./deadlines/duties-file.ts";
import { outsidePlaces } from "./outside-channels.ts";
import { builtInTemplates, type Template } from "./presentation/templates.ts";
import { canonicalQuestionnaire, type ActiveQuestionnaires, type Questionnaire } from "./questionnaire.ts";
import { builtInRetention, type RetentionRow } from "./retention.ts";

/** What is done with hidden data in files: removed, asked about each time, or kept because it may be evidence. */
export const metadataPolicies = ["always", "ask", "keep"] as const;
export type MetadataPolicy = (typeof metadataPolicies)[number];

/** A place other than this portal. */
export interface OutsideChannel {
  id: string;
  /** Words of its name, with namespace. */
  nameKey: string;
  /** Telephone, address or link as the operator wrote it; text only. "" when nothing was written. */
  details: string;
  /** YYYY-MM-DD on which somebody checked the details; null when there are none. */
  checkedOn: string | null;
}

export interface Presentation {
  /** BCP 47 tags of the languages offered to reporters; never empty. */
  languages: readonly string[];
  metadata: MetadataPolicy;
  outside: readonly OutsideChannel[];
  /** Whether /assets/theme.css says anything. */
  hasTheme: boolean;
  hasLogo: boolean;
  questionnaires: ActiveQuestionnaires;
  templates: readonly Template[];
  /** Null: nothing was set, and all of ours apply. */
  duties: DutiesFile | null;
  /** How long closed cases are kept: the first row that fits proposes. */
  retention: readonly RetentionRow[];
}

/** What goes out with the pages /report and /mailbox: `readPageData().data`. */
export interface ReporterPageData {
  questionnaires: ActiveQuestionnaires;
  presentation: { metadata: MetadataPolicy; outside: readonly OutsideChannel[] };
}

/** Also those that come later: an operator can prepare. */
export const builtInOutside: readonly OutsideChannel[] = outsidePlaces.map(({ id, labelKey }) => ({
  id,
  nameKey: labelKey,
  details: "",
  checkedOn: null,
}));

/** Of two with one id the later stands. `sha256` answers lower-case hex. */
export function versioned(
  questionnaires: readonly Questionnaire[],
  sha256: (text: string) => string,
): ActiveQuestionnaires {
  return Object.fromEntries(
    questionnaires.map((questionnaire) => [
      questionnaire.id,
      { version: sha256(canonicalQuestionnaire(questionnaire)), questionnaire },
    ]),
  );
}

/** `sha256` answers lower-case hex; Node's and the browser's differ. */
export function builtInPresentation(languages: readonly string[], sha256: (text: string) => string): Presentation {
  return {
    languages,
    metadata: "always",
    outside: builtInOutside,
    hasTheme: false,
    hasLogo: false,
    questionnaires: versioned(builtInQuestionnaires, sha256),
    templates: builtInTemplates,
    duties: null,
    retention: builtInRetention,
  };
}

export function reporterPageData({ questionnaires, metadata, outside }: Presentation): ReporterPageData {
  return { questionnaires, presentation: { metadata, outside } };
}
