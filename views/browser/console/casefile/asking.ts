/** Where words to another reader about a case file wait: those that ask, and those that answer. */
import { draftOf, type Draft, type State } from "../state.ts";

/** Fields in a draft: whom to ask and what to tell them; the answer to a request. */
export const askingFields = { to: "casefile-to", reason: "casefile-reason" } as const;
export const answerField = (request: string): string => `casefile-answer-${request}`;

/**
 * What was typed about a case file of these cases: words about one are never offered for another. Of a single case it
 * is the case's own draft.
 */
export const draftAbout = (state: State, cases: readonly string[]): Draft => draftOf(state, cases.join(" "));
