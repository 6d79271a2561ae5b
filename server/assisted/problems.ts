/** What can stand between a person and a sent form. The words for it are the pages' business. */
import { PortalError, type ErrorCode } from "../../crypto/errors.ts";
import type { AnswerProblem } from "../../data/policy/questionnaire.ts";
import type { FormProblem } from "./form.ts";
import { WaitLonger } from "./waiting.ts";

export type Problem =
  /** `question`: key of its words. */
  | { is: "answer"; field: string; question: string; problem: AnswerProblem["problem"] | "unasked" }
  | { is: "form"; problem: FormProblem }
  /**
   * channel: none that there is · code: none came, or a damaged one · readers: nobody is left · readersChanged: by a newer roster ·
   * readersNew: of a place that was chosen on the form itself ·
   * taken: another report stands under these words · late: the page's five minutes are over
   */
  | { is: "channel" | "confirm" | "readers" | "code" | "readersChanged" | "readersNew" | "taken" | "late" }
  | { is: "typed"; problem: "empty" | "checksum" | "missing" }
  /** What stood under this code was deleted. Day numbers, UTC; until when a backup may open it, null: none does. */
  | { is: "deleted"; day: number; backups: number | null }
  | { is: "count"; words: number }
  | { is: "unknown"; words: string[]; near: string[] }
  | { is: "message"; problem: "required" | "long" }
  /** Too many at once: where the person stands is kept. */
  | { is: "wait"; seconds: number }
  | { is: "error"; code: ErrorCode };

/** A fault of the form that may show only behind its first file. */
export class BrokenForm extends Error {
  readonly problem: FormProblem;

  constructor(problem: FormProblem) {
    super(`the form is broken: ${problem}`);
    this.name = "BrokenForm";
    this.problem = problem;
  }
}

/** @throws BrokenForm */
export function requireWhole(form: { problem(): FormProblem | null }): void {
  const problem = form.problem();
  if (problem !== null) throw new BrokenForm(problem);
}

/** The problem behind an exception; null for a fault of the server's own. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof BrokenForm) return { is: "form", problem: error.problem };
  if (error instanceof WaitLonger) return { is: "wait", seconds: error.seconds };
  if (!(error instanceof PortalError)) return null;
  if (error.code === "conflict") return { is: "taken" };
  if (error.code === "superseded") return { is: "readersChanged" };
  return { is: "error", code: error.code };
}
