/** The whole document for one portal as it is set. */
import type { Translate } from "../http/i18n.ts";
import { assessmentPart } from "./assessment.ts";
import type { ProcessingDocument } from "../../data/policy/processing-document.ts";
import type { Facts } from "./facts.ts";
import { recordPart } from "./record.ts";
import { sayIn } from "./say.ts";

/** Depends on its arguments alone: no clock, so that the same settings give the same document. */
export function processingDocument(facts: Facts, language: string, t: Translate): ProcessingDocument {
  const say = sayIn(language, t);
  const { epoch, issued, expires, trial, organisation } = facts;
  return {
    language,
    title: t("processing:title", { organisation }),
    preface: [
      t("processing:preface.from", { epoch, issued: say.day(issued), expires: say.day(expires) }),
      t("processing:preface.advice"),
      t("processing:preface.blanks"),
      ...(trial ? [t("processing:preface.trial")] : []),
    ].map(say.runs),
    parts: [recordPart(facts, say), assessmentPart(facts, say)],
  };
}
